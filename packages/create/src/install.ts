import { spawn } from "node:child_process";
import { CreateError } from "./errors.js";
import { managerCommands, type PackageManager } from "./package-manager.js";

/**
 * Installs the packages of a folder. What the package manager prints goes to the standard error.
 * @throws CreateError `CREATE:INSTALL_FAILED`
 */
export async function install(folder: string, manager: PackageManager): Promise<void> {
  const { install: command } = managerCommands[manager];
  const failed = (reason: string, cause?: unknown): CreateError =>
    new CreateError("CREATE:INSTALL_FAILED", `All files are written to \`${folder}\`, but \`${command}\` ${reason}.`, {
      hint: `Mend what it says, then run \`${command}\` there. --no-install leaves it out.`,
      ...(cause !== undefined && { cause }),
    });
  const [program = "", ...words] = command.split(" ");
  // On Windows these are scripts, which only a shell starts. Nothing in the command is a person's.
  const isWindows = process.platform === "win32";
  const child = spawn(isWindows ? command : program, isWindows ? [] : words, {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    shell: isWindows,
  });
  await new Promise<void>((settle, reject) => {
    child.once("error", (error) => reject(failed(`could not be started: ${error.message}`, error)));
    child.once("close", (code, signal) => {
      if (code === 0) settle();
      else reject(failed(code === null ? `was stopped by ${signal}` : `ended with code ${code}`));
    });
  });
}
