import type { Metadata, MetadataField, MetadataValue } from "@clew/core";

const examplesShown = 20;

/** The fields that some sources have, by name in code unit order. A value counts once a source. */
export function metadataFields(sources: Iterable<Metadata>): MetadataField[] {
  const fields = new Map<string, { types: Set<FieldType>; count: number; values: Map<Plain, number> }>();
  for (const metadata of sources) {
    for (const [name, value] of Object.entries(metadata)) {
      if (value === undefined) continue;
      const field = fields.get(name) ?? { types: new Set(), count: 0, values: new Map() };
      if (field.count === 0) fields.set(name, field);
      field.types.add(typeOf(value));
      field.count++;
      for (const plain of new Set(plainValues(value))) field.values.set(plain, (field.values.get(plain) ?? 0) + 1);
    }
  }
  return [...fields]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, { types, count, values }]) => ({
      name,
      types: [...types].sort(),
      count,
      examples: [...values]
        .sort(([a, often], [b, seldom]) => seldom - often || byCodeUnit(String(a), String(b)))
        .slice(0, examplesShown)
        .map(([value]) => value),
    }));
}

type Plain = string | number | boolean;
type FieldType = MetadataField["types"][number];

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const plainValues = (value: MetadataValue): readonly Plain[] =>
  value === null ? [] : typeof value === "object" ? value : [value];

function typeOf(value: MetadataValue): FieldType {
  if (value === null) return "null";
  if (typeof value === "string") return "string";
  if (typeof value === "number") return "number";
  return typeof value === "boolean" ? "boolean" : "array";
}
