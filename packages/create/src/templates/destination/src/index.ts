export { jsonFolder } from "./json-folder.js";
