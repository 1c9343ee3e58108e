import { isJsonSchema, type JsonSchema, resolved } from "./json-schema-of.js";

/** Which fields values may have. A value that is neither an object nor a list has none. */
export interface Shape {
  /** `null`: it is no object. */
  readonly object: ObjectShape | null;
  /** Of the elements of a list. */
  items(): Shape;
}

interface ObjectShape {
  /** By name; `null`: nothing is said of them. */
  readonly fields: ReadonlyMap<string, () => Shape> | null;
  /** What fields of other names are; `null`: there are none. */
  readonly others: (() => Shape) | null;
}

/** Of which nothing is said. */
export const anything: Shape = { object: { fields: null, others: null }, items: () => anything };
const scalar: Shape = { object: null, items: () => anything };

/** The shape of the rows that a JSON Schema describes. Fields for which it only says that they are let in do not belong to it. */
export function shapeOf(root: JsonSchema): Shape {
  const known = new Map<unknown, Shape>();
  const at = (given: unknown): Shape => {
    if (!isJsonSchema(given)) return anything;
    const schema = resolved(given, root);
    const shape = known.get(schema) ?? shapeOfOne(schema, at);
    known.set(schema, shape);
    return shape;
  };
  return at(root);
}

/** The shape of a field of an object; undefined for one that does not belong to it. */
export function fieldShape({ object }: Shape, name: string): Shape | undefined {
  if (object === null || object.fields === null) return object?.others?.() ?? anything;
  return (object.fields.get(name) ?? object.others)?.();
}

/** True when the fields of an object are told. */
export function tellsFields({ object }: Shape): boolean {
  return object !== null && object.fields !== null;
}

function shapeOfOne(schema: JsonSchema, at: (schema: unknown) => Shape): Shape {
  const { anyOf, oneOf, allOf, type, enum: values } = schema;
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) return joined(alternatives.map(at), { every: false });
  const together = Array.isArray(allOf) ? allOf.map(at) : [];
  if (together.length > 0) return joined([ownShape(schema, at), ...together], { every: true });
  return type === undefined && !isJsonSchema(schema["properties"]) && ("const" in schema || Array.isArray(values))
    ? scalar
    : ownShape(schema, at);
}

function ownShape(schema: JsonSchema, at: (schema: unknown) => Shape): Shape {
  const { type, properties, additionalProperties, patternProperties, items, prefixItems } = schema;
  const types: readonly unknown[] = type === undefined ? ["object", "array"] : Array.isArray(type) ? type : [type];
  if (!types.includes("object") && !types.includes("array")) return scalar;
  const described = isJsonSchema(additionalProperties) && Object.keys(additionalProperties).length > 0;
  const others = described ? () => at(additionalProperties) : isJsonSchema(patternProperties) ? () => anything : null;
  const fields = isJsonSchema(properties)
    ? new Map(Object.entries(properties).map(([name, property]) => [name, () => at(property)]))
    : null;
  const elements = [...(Array.isArray(prefixItems) ? prefixItems : []), ...(isJsonSchema(items) ? [items] : [])];
  return {
    object: types.includes("object") ? { fields, others } : null,
    items: () => (elements.length === 0 ? anything : joined(elements.map(at), { every: false })),
  };
}

/** What values are that fit every one of the shapes, or any of them. */
function joined(shapes: readonly Shape[], { every }: { readonly every: boolean }): Shape {
  const [only, ...more] = shapes.filter((shape) => shape !== scalar);
  if (only === undefined) return scalar;
  if (more.length === 0) return only;
  const all = [only, ...more];
  const objects = all.flatMap(({ object }) => object ?? []);
  const untold = objects.filter(({ fields }) => fields === null).length;
  const others = objects.flatMap((object) => object.others ?? []);
  const names = new Set(objects.flatMap(({ fields }) => [...(fields?.keys() ?? [])]));
  const fields = new Map(
    [...names].map((name) => {
      const found = objects.flatMap((object) => object.fields?.get(name) ?? []);
      return [
        name,
        () =>
          joined(
            found.map((shape) => shape()),
            { every },
          ),
      ] as const;
    }),
  );
  const isTold = every ? untold < objects.length : untold === 0;
  return {
    object:
      objects.length === 0
        ? null
        : {
            fields: isTold ? fields : null,
            others:
              others.length === 0
                ? null
                : () =>
                    joined(
                      others.map((shape) => shape()),
                      { every },
                    ),
          },
    items: () =>
      joined(
        all.map((shape) => shape.items()),
        { every },
      ),
  };
}
