export const shells = ["bash", "zsh", "fish"] as const;

export type Shell = (typeof shells)[number];

/** They all ask the command itself what may follow, so that they need not be made anew with each version. */
export const completionScripts: Readonly<Record<Shell, string>> = {
  bash: `_dlt() {
  local words
  words="$(dlt completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _dlt dlt`,
  zsh: `#compdef dlt
_dlt() {
  local -a candidates
  candidates=("\${(@f)$(dlt completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -a candidates
  _files
}
compdef _dlt dlt`,
  fish: `complete -c dlt -a '(dlt completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};
