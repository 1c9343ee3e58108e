import { libraryVersion } from "../info/library-version.js";

/** Who makes the events: a URI, as OpenLineage wants it. */
export const producer = "https://www.npmjs.com/package/@dlt/pipeline";

/** A facet, which names its maker and its form. */
export function facet(name: string, version: string, content: object): object {
  return { _producer: producer, _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json`, ...content };
}

export function engineFacet(): object {
  const version = libraryVersion() ?? "unknown";
  return facet("ProcessingEngineRunFacet", "1-1-1", { version, name: "dlt", openlineageAdapterVersion: version });
}
