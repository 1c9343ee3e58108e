export { createErrors } from "./errors.js";
export { configText, gitignoreText, programText, secretsText } from "./new-files.js";
export { managerCommands, type PackageManager, setupSteps } from "./package-manager.js";
