/** The tests that connectors are made with, on the connectors of the templates. */
import "../src/templates/destination/test/conformance.js";
import "../src/templates/source/test/source.js";
