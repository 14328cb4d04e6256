import { ApiError } from "../server/api-error.js";
import type { JsonSchema } from "../server/completion-engine.js";

/**
 * Turns a JSON schema into the dialect that node-llama-cpp makes grammars of: `anyOf` becomes `oneOf`, annotations go, a short range of
 * integers becomes an enumeration. Every text that the grammar allows is valid against the schema; not every valid text
 * is allowed: all properties are written, in their order, and none besides.
 *
 * @throws ApiError for a keyword that a grammar cannot hold a text to (`pattern`, `uniqueItems`, …)
 */
export function grammarSchema(schema: unknown, path = "schema"): JsonSchema {
  if (schema === true) return {};
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) throw refused(path, "no schema");
  const given: JsonSchema = Object.fromEntries(
    Object.entries(schema).filter(([key]) => !annotations.has(key) && !key.startsWith("x-")),
  );
  const { $defs, definitions, ...own } = given;
  const defs = { ...(definitions as object | undefined), ...($defs as object | undefined) };
  const made = convert(own, path);
  if (Object.keys(defs).length === 0) return made;
  return { ...made, $defs: mapValues(defs, (one, name) => grammarSchema(one, `${path}.$defs.${name}`)) };
}

const annotations = new Set([
  "$schema",
  "$id",
  "$comment",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

const longestRange = 100;
const formats: readonly unknown[] = ["date-time", "date", "time"];

function convert(schema: JsonSchema, path: string): JsonSchema {
  const { anyOf, oneOf, allOf, $ref, enum: values, const: value, type, ...rest } = schema;
  const alternatives = anyOf ?? oneOf;
  if (Array.isArray(alternatives)) {
    known(path, rest, []);
    return { oneOf: alternatives.map((one, at) => grammarSchema(one, `${path}[${at}]`)) };
  }
  if (Array.isArray(allOf)) {
    if (allOf.length !== 1) throw refused(path, "an allOf of several schemas");
    return grammarSchema({ ...rest, ...(allOf[0] as object) }, path);
  }
  if (typeof $ref === "string") return { $ref: $ref.replace(/^#\/definitions\//, "#/$defs/") };
  if (values !== undefined) return { enum: values };
  if (value !== undefined) return { const: value };
  if (Array.isArray(type)) return { oneOf: type.map((one) => convert({ ...onlyFor(one, rest), type: one }, path)) };
  switch (type) {
    case "object": {
      known(path, rest, ["properties", "required", "additionalProperties", "propertyNames"]);
      const properties = mapValues((rest.properties ?? {}) as object, (one, name) =>
        grammarSchema(one, `${path}.${name}`),
      );
      const more = rest.additionalProperties;
      if (typeof more !== "object" || more === null) return { type, properties };
      return { type, properties, additionalProperties: grammarSchema(more, `${path}.*`) };
    }
    case "array": {
      known(path, rest, ["items", "prefixItems", "minItems", "maxItems"]);
      const { items, prefixItems, ...limits } = rest;
      return {
        type,
        ...limits,
        ...(items === undefined ? {} : { items: grammarSchema(items, `${path}[]`) }),
        ...(Array.isArray(prefixItems)
          ? { prefixItems: prefixItems.map((one, at) => grammarSchema(one, `${path}[${at}]`)) }
          : {}),
      };
    }
    case "string":
      known(path, rest, ["minLength", "maxLength", "format"]);
      if (rest.format !== undefined && !formats.includes(rest.format)) throw refused(path, `the format ${rest.format}`);
      return { type, ...rest };
    case "integer":
      known(path, rest, ["minimum", "maximum"]);
      return integer(path, rest);
    case "number":
    case "boolean":
    case "null":
      known(path, rest, []);
      return { type };
    case undefined:
      known(path, rest, []);
      return {};
    default:
      throw refused(path, `the type ${JSON.stringify(type)}`);
  }
}

function integer(path: string, { minimum, maximum }: JsonSchema): JsonSchema {
  const lowest = typeof minimum === "number" && minimum > Number.MIN_SAFE_INTEGER ? Math.ceil(minimum) : undefined;
  const highest = typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? Math.floor(maximum) : undefined;
  if (lowest === undefined && highest === undefined) return { type: "integer" };
  if (lowest === undefined || highest === undefined || highest < lowest || highest - lowest >= longestRange) {
    throw refused(path, `a range of integers that is open or holds more than ${longestRange}`);
  }
  return { enum: Array.from({ length: highest - lowest + 1 }, (_, at) => lowest + at) };
}

const keysOf: Readonly<Record<string, readonly string[]>> = {
  object: ["properties", "required", "additionalProperties", "propertyNames"],
  array: ["items", "prefixItems", "minItems", "maxItems"],
  string: ["minLength", "maxLength", "format", "pattern"],
  integer: ["minimum", "maximum"],
};

/** The keywords that mean something for one of several types. */
const onlyFor = (type: unknown, keywords: JsonSchema): JsonSchema => {
  const others = Object.entries(keysOf).flatMap(([name, keys]) => (name === type ? [] : keys));
  const own = keysOf[String(type)] ?? [];
  return Object.fromEntries(Object.entries(keywords).filter(([key]) => own.includes(key) || !others.includes(key)));
};

function known(path: string, keywords: JsonSchema, names: readonly string[]): void {
  for (const key of Object.keys(keywords)) if (!names.includes(key)) throw refused(path, `the keyword ${key}`);
}

const mapValues = (record: object, map: (value: unknown, key: string) => JsonSchema): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));

const refused = (path: string, what: string): ApiError =>
  new ApiError(`${path}: the grammar of this server cannot hold ${what}.`, { code: "unsupported_schema" });
