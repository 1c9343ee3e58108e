// The destination of docs/writing-a-connector.md, held to the suite by the lines that stand there.
import "../../../examples/own-destination/src/json-folder.test.js";
