export { describedHints } from "./described-hints.js";
export { jsonSchemaOf } from "./json-schema-of.js";
export { type RowContract, rowContract } from "./row-contract.js";
export { shapeOf } from "./row-shape.js";
export { type Path, type Shapes, unknownFields, withFields, withoutFields } from "./unknown-fields.js";
