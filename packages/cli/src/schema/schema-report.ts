import type { SchemaView } from "@dlt/pipeline";
import type { Report } from "../cli.js";

export const schemaFormats = ["yaml", "json", "mermaid", "dbml", "dot"] as const;

export type SchemaFormat = (typeof schemaFormats)[number];

/** A schema in one of its forms. `document`: the stored document that the view shows. Default: that of the view. */
export async function schemaReport(view: SchemaView, format: SchemaFormat, document: object = view): Promise<Report> {
  const { schemaText } = await import("@dlt/pipeline");
  const facts: unknown = JSON.parse(schemaText(document, { format: "json" }));
  if (format === "yaml" || format === "json") return { facts, text: schemaText(document, { format }) };
  const { diagrams } = await import("./diagrams.js");
  return { facts, text: diagrams[format](view) };
}
