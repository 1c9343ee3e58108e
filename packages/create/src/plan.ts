import { basename, resolve } from "node:path";
import { type ConnectorKind, type ConnectorName, connectorName, packagePrefix } from "./connector-name.js";
import { CreateError } from "./errors.js";
import { checkFolder } from "./new-folder.js";
import { managerOfAgent, type PackageManager } from "./package-manager.js";
import { nameProblem, suggestedName } from "./package-name.js";
import { askChoice, askText, askYes, canAsk } from "./questions.js";

/** What was said on the command line. */
export interface CreateOptions {
  /** `true`: a connector of a kind that is still to be said. */
  readonly connector?: ConnectorKind | true;
  readonly name?: string;
  readonly packageManager?: PackageManager;
  /** `undefined`: nothing was said. */
  readonly install?: boolean;
  /** Defaults for everything that is not said. */
  readonly yes?: boolean;
}

/** What is made, and where. */
export interface CreatePlan {
  /** As it was given, from the current folder. */
  readonly folder: string;
  readonly made:
    | { readonly kind: "project"; readonly packageName: string }
    | { readonly kind: ConnectorKind; readonly connector: ConnectorName };
  readonly manager: PackageManager;
  readonly installs: boolean;
}

/**
 * Finds out what to make, and asks for what was not said where somebody is there; otherwise there are defaults.
 * @throws CreateError `CREATE:NAME_INVALID`, `CREATE:FOLDER_NOT_EMPTY`, `CREATE:FOLDER_UNUSABLE`, `CREATE:ANSWER_NEEDED`,
 * `CREATE:DECLINED`
 */
export async function createPlan(given: string | undefined, options: CreateOptions): Promise<CreatePlan> {
  const asks = options.yes !== true && canAsk();
  const kind = await kindOf(options, asks);
  const folder = given ?? (await folderOf(kind, options, asks));
  checkFolder(resolve(folder));
  const made = await madeOf(kind, folder, options, asks);
  const manager = options.packageManager ?? managerOfAgent(process.env["npm_config_user_agent"]);
  const installs = options.install ?? (asks ? await askYes(`Install its packages with ${manager}?`) : true);
  return { folder, made, manager, installs };
}

type Kind = "project" | ConnectorKind;

async function kindOf({ connector }: CreateOptions, asks: boolean): Promise<Kind> {
  if (connector === undefined) return "project";
  if (connector !== true) return connector;
  if (!asks)
    throw new CreateError("CREATE:ANSWER_NEEDED", "Of which kind is the connector? Nothing was written.", {
      hint: "Write --connector source or --connector destination.",
    });
  return await askChoice("Which kind of connector?", {
    source: "reads rows from somewhere",
    destination: "puts rows somewhere",
  });
}

/** A folder for what has no folder yet. */
async function folderOf(kind: Kind, { name }: CreateOptions, asks: boolean): Promise<string> {
  const suggestion = name?.replace(/^@[^/]+\//, "") ?? defaultNames[kind];
  if (!asks) return suggestion;
  return await askText({
    question: "In which folder?",
    suggestion,
    problem: (folder) => messageOf(() => checkFolder(resolve(folder))),
  });
}

const defaultNames: Readonly<Record<Kind, string>> = {
  project: "dlt-project",
  source: "dlt-source-help-desk",
  destination: "dlt-destination-json-folder",
};

async function madeOf(
  kind: Kind,
  folder: string,
  { name: given }: CreateOptions,
  asks: boolean,
): Promise<CreatePlan["made"]> {
  const name = given ?? nameOfFolder(kind, folder);
  const checked = check(kind, name);
  if (!("problem" in checked)) return checked;
  const suggestion = suggestionFor(kind, name);
  if (given !== undefined || !asks) {
    const what = given === undefined ? `The name of the folder, \`${name}\`,` : `\`${name}\``;
    throw new CreateError(
      "CREATE:NAME_INVALID",
      `${what} cannot be that of the package: ${checked.problem}. Nothing was written.`,
      {
        hint: `Give another: --name ${suggestion}`,
      },
    );
  }
  const answer = await askText({
    question: "Name of the package?",
    suggestion,
    problem: (text) => {
      const found = check(kind, text);
      return "problem" in found ? `Not this one: ${found.problem}.` : undefined;
    },
  });
  return check(kind, answer) as CreatePlan["made"];
}

/** The package that a folder is for: connectors get their prefix. */
function nameOfFolder(kind: Kind, folder: string): string {
  const name = basename(resolve(folder));
  if (kind === "project") return name;
  const prefix = packagePrefix(kind);
  return name.startsWith(prefix) ? name : `${prefix}${name}`;
}

function check(kind: Kind, name: string): CreatePlan["made"] | { readonly problem: string } {
  if (kind === "project") {
    const problem = nameProblem(name);
    return problem === null ? { kind, packageName: name } : { problem };
  }
  const connector = connectorName(kind, name);
  return "problem" in connector ? connector : { kind, connector };
}

function suggestionFor(kind: Kind, name: string): string {
  const plain = suggestedName(name, defaultNames[kind]);
  if (kind === "project") return plain;
  const [, scope = "", rest = ""] = /^(@[^/]+\/)?(.*)$/.exec(plain) ?? [];
  const prefix = packagePrefix(kind);
  const words = (rest.startsWith(prefix) ? rest.slice(prefix.length) : rest).replaceAll(/[._-]+/g, "-");
  const suggestion = `${scope}${prefix}${words}`;
  return "problem" in connectorName(kind, suggestion) ? `${scope}${prefix}my-${words}` : suggestion;
}

function messageOf(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
