import type {
  JsonNormalizer,
  NamingConvention,
  NamingConventions,
  Schema,
  SchemaContent,
  SchemaNormalizers,
} from "../contract/index.js";
import { SchemaError } from "../errors/index.js";
import { namingConvention } from "../naming/naming-convention.js";
import { normalizeTable } from "./normalize-table.js";
import { knownNormalizer, normalizeJsonConfig, normalizeSettings } from "./normalizer-settings.js";
import { dataTables } from "./predicates.js";
import { propagateRootKey } from "./root-key.js";
import { systemNames } from "./system-names.js";

/** What the place where a schema is used adds to it; never stored. */
export interface SchemaPlace {
  /** Identifier limit of the destination in code points; `null`, as when nothing is given, for no limit. */
  readonly maxIdentifierLength?: number | null;
  /** Merge strategies of the destination, its default first; none when nothing is known of it. */
  readonly mergeStrategies?: readonly string[];
  /** Naming conventions beside those of the library. */
  readonly conventions?: NamingConventions;
}

/** What the configuration and the destination say of a schema. All that is left out stays as the schema has it. */
export interface SchemaBinding extends SchemaPlace {
  /** Reference of a naming convention, e.g. `snake_case`. For a schema without one: `snake_case`. */
  readonly names?: string;
  readonly json?: JsonNormalizer;
  /** Deepest nesting that the destination allows; wins over that of the schema. */
  readonly maxTableNesting?: number;
  readonly useBreakPathOnNormalize?: boolean;
  readonly allowIdentifierChangeOnTableWithData?: boolean;
}

/** Takes a content as it is, with the naming convention that it names. */
export function attachNaming(
  content: SchemaContent,
  { maxIdentifierLength = null, mergeStrategies = [], conventions }: SchemaPlace,
): Schema {
  knownNormalizer(content.normalizers.json);
  const naming = namingOf(content.normalizers.names, maxIdentifierLength, conventions);
  return { ...content, naming, system: systemNames(naming), mergeStrategies, ...(conventions && { conventions }) };
}

// Documents name conventions by themselves, by their Python module, or by the class in it; old ones by a module that
// has moved.
function namingOf(
  reference: string,
  maxLength: number | null,
  conventions: NamingConventions | undefined,
): NamingConvention {
  const name = reference
    .replace(/\.NamingConvention$/, "")
    .replace(/^dlt\.common\.normalizers\.(?:naming|names)\./, "");
  const isOwn = conventions !== undefined && Object.hasOwn(conventions, reference);
  return namingConvention(isOwn ? reference : name, maxLength, conventions);
}

/**
 * Brings a schema to a naming convention, to normalizer settings and to a destination. Names of tables, rules and
 * settings are normalized, system columns get their default hints, and root keys are propagated where the destination's
 * way of merging needs them.
 *
 * @throws SchemaError when another naming convention would rename tables that hold data
 */
export function bindSchema(schema: Schema, binding: SchemaBinding): Schema {
  let bound = bindNormalizers(schema, binding);
  for (const name of bound.tables.keys()) bound = propagateRootKey(bound, name);
  return bound;
}

/** The same, but root keys are left as they are propagated. */
export function bindNormalizers(schema: Schema, binding: SchemaBinding): Schema {
  const { maxIdentifierLength = schema.naming.maxLength, mergeStrategies = schema.mergeStrategies } = binding;
  const { conventions = schema.conventions } = binding;
  const normalizers = boundNormalizers(schema.normalizers, binding);
  const naming = namingOf(normalizers.names, maxIdentifierLength, conventions);
  const system = systemNames(naming);
  const { config } = normalizers.json;
  return {
    ...schema,
    settings: normalizeSettings(schema.settings, naming, system),
    normalizers: config
      ? { ...normalizers, json: { ...normalizers.json, config: normalizeJsonConfig(config, naming) } }
      : normalizers,
    tables: naming.name === schema.naming.name ? schema.tables : renamedTables(schema, naming, normalizers),
    naming,
    system,
    mergeStrategies,
    ...(conventions && { conventions }),
  };
}

function boundNormalizers(stored: SchemaNormalizers, binding: SchemaBinding): SchemaNormalizers {
  const json = knownNormalizer(binding.json ?? stored.json);
  const { maxTableNesting, useBreakPathOnNormalize, allowIdentifierChangeOnTableWithData } = binding;
  return {
    ...stored,
    names: binding.names ?? stored.names,
    json: maxTableNesting === undefined ? json : { ...json, config: { ...json.config, maxNesting: maxTableNesting } },
    ...(useBreakPathOnNormalize !== undefined && { useBreakPathOnNormalize }),
    ...(allowIdentifierChangeOnTableWithData !== undefined && { allowIdentifierChangeOnTableWithData }),
  };
}

function renamedTables(schema: Schema, naming: NamingConvention, normalizers: SchemaNormalizers): Schema["tables"] {
  const [holdsData] = dataTables(schema, { seenData: true });
  if (holdsData !== undefined && !normalizers.allowIdentifierChangeOnTableWithData) {
    throw new SchemaError(
      "SCHEMA_IDENTIFIERS_FROZEN",
      `Schema \`${schema.name}\` cannot change its naming convention from \`${schema.naming.name}\` to \`${naming.name}\`: table \`${holdsData.name}\` holds data.`,
      {
        hint: "Keep the naming convention, or set `schema.allow_identifier_change_on_table_with_data` to let new rows go to new tables and columns.",
        context: { schema: schema.name, table: holdsData.name, from: schema.naming.name, to: naming.name },
      },
    );
  }
  return new Map(
    [...schema.tables.values()].map((table) => {
      const renamed = normalizeTable(table, naming);
      return [renamed.name, renamed];
    }),
  );
}
