export { chainOf, completed, firstLoad, plan, systemTables, table } from "./plans.js";
export { sameNames } from "./same-names.js";
export { errorOf, newFolder, query, run } from "./work.js";
