import { checkKeys, type Filter, invalidOption } from "@clew/core";
import { z } from "zod/v4";

/** A metadata field that a model may filter by. */
export interface FilterField {
  /** What the field holds, in words that a model reads. */
  about: string;
  /** @default "string" */
  type?: "string" | "number" | "boolean" | undefined;
  /** The only texts that it may ask for; for fields of the type string. @default any */
  oneOf?: readonly string[] | undefined;
}

/** Metadata fields that a model may filter by, by name. */
export type FilterFields = Readonly<Record<string, FilterField>>;

/** What a model may have filled in: a value for some of the fields; null means the same as leaving it out. */
export type FieldChoices = Readonly<Record<string, string | number | boolean | null | undefined>> | null | undefined;

/**
 * The part of a tool's schema that {@link FilterFields} open: none where there are none, and then no filter can be filled in.
 *
 * @throws ClewError `invalid-option` for a field without `about`, of another type, or with an empty `oneOf`
 */
export function filterSchema(fields: FilterFields): Record<string, z.ZodType<FieldChoices>> {
  checkKeys("filterFields", fields, Object.keys(fields));
  const shape = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, valueSchema(name, field).nullish().describe(field.about)]),
  );
  if (Object.keys(shape).length === 0) return {};
  return {
    filter: z.strictObject(shape).nullish().describe("Only what has these values; leave out what does not matter."),
  };
}

function valueSchema(name: string, field: FilterField): z.ZodType<string | number | boolean> {
  const owner = `filterFields.${name}`;
  checkKeys(owner, field, ["about", "type", "oneOf"]);
  const { about, type = "string", oneOf } = field;
  if (name.startsWith("$")) throw invalidOption(owner, "the name of a metadata field, which does not begin with $");
  if (typeof about !== "string" || about === "") throw invalidOption(`${owner}.about`, "a text for the model", about);
  if (oneOf !== undefined && (type !== "string" || oneOf.length === 0)) {
    throw invalidOption(`${owner}.oneOf`, "at least one text, for a field of the type string", oneOf);
  }
  if (type === "string") return oneOf === undefined ? z.string() : z.enum(oneOf as [string, ...string[]]);
  if (type === "number") return z.number();
  if (type === "boolean") return z.boolean();
  throw invalidOption(`${owner}.type`, '"string", "number" or "boolean"', type);
}

/** The developer's filter and what a model chose, both of which must hold: a choice can only narrow. */
export function narrowed(fixed: Filter | undefined, choices: FieldChoices): Filter | undefined {
  const chosen = Object.entries(choices ?? {}).flatMap(([name, value]): Filter[] =>
    value === null || value === undefined ? [] : [{ [name]: { $eq: value } }],
  );
  const all = [...(fixed === undefined ? [] : [fixed]), ...chosen];
  return all.length > 1 ? { $and: all } : all[0];
}
