import type { MetadataField } from "../../index/snapshot.js";
import type { Metadata, MetadataValue } from "../../source/metadata.js";

const examplesShown = 20;

/** The fields that some sources have, by name in code unit order. A value counts once a source. */
export function metadataFields(sources: readonly Metadata[]): MetadataField[] {
  const names = [...new Set(sources.flatMap((metadata) => Object.keys(metadata)))].sort();
  return names.map((name) => {
    const values = sources.filter((metadata) => Object.hasOwn(metadata, name)).map((metadata) => metadata[name]!);
    const frequency = new Map<string | number | boolean, number>();
    for (const value of values.flatMap((stored) => [...new Set(plainValues(stored))])) {
      frequency.set(value, (frequency.get(value) ?? 0) + 1);
    }
    const examples = [...frequency]
      .sort(([a, often], [b, seldom]) => seldom - often || (`${a}` < `${b}` ? -1 : `${a}` > `${b}` ? 1 : 0))
      .slice(0, examplesShown)
      .map(([value]) => value);
    return { name, types: [...new Set(values.map(typeOf))].sort(), count: values.length, examples };
  });
}

const plainValues = (value: MetadataValue): readonly (string | number | boolean)[] =>
  value === null ? [] : typeof value === "object" ? value : [value];

const typeOf = (value: MetadataValue): MetadataField["types"][number] =>
  value === null ? "null" : typeof value === "object" ? "array" : (typeof value as "string" | "number" | "boolean");
