// Windows takes none of these, nor a dot or space at the end; `%` so that every name comes back.
const unsafe = /[%/\\:*?"<>|\p{Cc}]|[. ]$|^\.(?=\.?$)/gu;

/**
 * A name as one part of a path: `a/b` → `a%2Fb`. Names of tables have such characters only with naming conventions that leave them as
 * they are.
 */
export function pathPart(name: string): string {
  return name.replace(unsafe, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
