import { ClewError, type FieldKind, type FieldValue, type Form, type LeafForm, type ObjectForm } from "@clew/core";
import { z } from "zod/v4";
import { pointerOf } from "./pointer.js";

/** Most leaves of a form. */
const maxLeaves = 100;
/** Most levels of objects and lists. */
const maxDepth = 6;

/** A schema without the wrappers that say whether its value may be missing. */
export interface Unwrapped {
  readonly inner: z.core.$ZodType;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly about: string | undefined;
}

/**
 * Reads a zod schema as a form: objects, arrays, strings, numbers, booleans, ISO dates, enums and literals, each perhaps
 * nullable or optional. Checks (`min`, `regex`, `refine`) are left to the schema itself.
 *
 * @throws ClewError `invalid-option` naming the part that cannot be read out of a text: what runs code on a value
 *   (transforms, `preprocess`, codecs, `coerce`), what invents one (`default`, `prefault`, `catch`), `z.date()` (use `z.iso.date()`),
 *   unions beyond literals, records, tuples and the like; for more than 100 leaves, or more than 6 levels
 */
export function formOf(schema: z.core.$ZodType): ObjectForm {
  if (typeof schema !== "object" || schema === null || !("_zod" in schema)) {
    throw refuse([], 'a schema of zod 4 (import { z } from "zod/v4" where zod is of version 3)');
  }
  const count = { leaves: 0 };
  const form = read(schema, [], count);
  if (form.kind !== "object") throw refuse([], "an object at its root: z.object({ … })");
  return form;
}

function read(schema: z.core.$ZodType, path: readonly string[], count: { leaves: number }): Form {
  if (path.length > maxDepth) throw refuse(path, `at most ${maxDepth} levels deep`);
  const { inner, nullable, optional, about } = unwrap(schema, path);
  const part = {
    ...(about === undefined ? {} : { about }),
    ...(nullable ? { nullable: true as const } : {}),
    ...(optional ? { optional: true as const } : {}),
  };
  const def = (inner as z.core.$ZodTypes)._zod.def;
  if (def.type === "object") {
    if (def.catchall !== undefined && !["never", "unknown"].includes(def.catchall._zod.def.type)) {
      throw refuse(path, "an object without catchall");
    }
    const keys = Object.keys(def.shape);
    if (keys.length === 0) throw refuse(path, "an object with at least one field");
    if (keys.includes("__proto__")) throw refuse([...path, "__proto__"], "a field of another name");
    return {
      kind: "object",
      ...part,
      fields: Object.fromEntries(keys.map((key) => [key, read(def.shape[key]!, [...path, key], count)])),
    };
  }
  if (def.type === "array") return { kind: "list", ...part, of: read(def.element, [...path, "0"], count) };
  count.leaves += 1;
  if (count.leaves > maxLeaves) throw refuse([], `a schema of at most ${maxLeaves} leaves`);
  return { ...leafOf(inner as z.core.$ZodTypes, path), ...part };
}

function leafOf(schema: z.core.$ZodTypes, path: readonly string[]): LeafForm {
  const { def } = schema._zod;
  if ("coerce" in def && def.coerce === true) throw refuse(path, "a type without coerce, which makes values up");
  switch (def.type) {
    case "string":
      return { kind: isDate(def) ? "date" : "text" };
    case "number":
    case "boolean":
      return { kind: def.type as FieldKind };
    case "enum":
    case "literal":
      return choicesOf(schema, path);
    case "union": {
      const parts = def.options.map((option) => leafOf(unwrapPlain(option, path), path));
      const choices = parts.flatMap(({ kind, choices: some }) => (kind === "choice" ? (some ?? []) : []));
      if (parts.some(({ kind }) => kind !== "choice")) throw refuse(path, "no union but one of literals and enums");
      return { kind: "choice", choices };
    }
    case "date":
      throw refuse(path, "z.iso.date() in place of z.date(): the answer is plain JSON");
    case "pipe":
    case "transform":
      throw refuse(path, "a type without transform, preprocess or codec: the value must stand in the source as it is");
    default:
      throw refuse(
        path,
        `an object, array, string, number, boolean, ISO date, enum or literal, and not ${/^[aeiou]/.test(def.type) ? "an" : "a"} ${def.type}`,
      );
  }
}

function choicesOf(schema: z.core.$ZodTypes, path: readonly string[]): LeafForm {
  const choices = [...(schema._zod.values ?? [])].filter(
    (value): value is FieldValue => ["string", "number", "boolean"].includes(typeof value) && value !== "",
  );
  if (choices.length === 0 || choices.length !== schema._zod.values?.size) {
    throw refuse(path, "an enum or literal of texts, numbers and booleans");
  }
  return { kind: "choice", choices };
}

/** Takes off what says that a value may be missing, that it is read-only, or that it is named later. */
export function unwrap(schema: z.core.$ZodType, path: readonly string[] = []): Unwrapped {
  let inner = schema as z.core.$ZodTypes;
  let nullable = false;
  let optional = false;
  let required = false;
  let about: string | undefined;
  for (let steps = 0; steps < 32; steps++) {
    about ??= describedAs(inner);
    const { def } = inner._zod;
    if (def.type === "optional") optional ||= !required;
    else if (def.type === "nullable") nullable = true;
    else if (def.type === "nonoptional") required = true;
    else if (def.type === "union" && def.options.some(isNull)) {
      nullable = true;
      const rest = def.options.filter((option) => !isNull(option));
      if (rest.length !== 1) {
        return { inner: z.union(rest as [z.core.$ZodType]), nullable, optional, about };
      }
      inner = rest[0] as z.core.$ZodTypes;
      continue;
    } else if (def.type === "default" || def.type === "prefault" || def.type === "catch") {
      throw refuse(path, `a type without ${def.type}: a value that no source gives would be a guess`);
    } else if (def.type === "lazy") {
      inner = def.getter() as z.core.$ZodTypes;
      continue;
    } else if (def.type !== "readonly") return { inner, nullable, optional, about };
    inner = def.innerType as z.core.$ZodTypes;
  }
  throw refuse(path, "fewer than 32 wrappers deep");
}

function unwrapPlain(schema: z.core.$ZodType, path: readonly string[]): z.core.$ZodTypes {
  const { inner, nullable, optional } = unwrap(schema, path);
  if (nullable || optional) throw refuse(path, "a union that is nullable or optional as a whole");
  return inner as z.core.$ZodTypes;
}

const isNull = (schema: z.core.$ZodType): boolean => schema._zod.def.type === "null";

/** `z.iso.date()` or `z.string().date()`. */
function isDate(def: z.core.$ZodTypeDef & { readonly format?: unknown }): boolean {
  const named = (check: z.core.$ZodCheck<never>): boolean =>
    (check._zod.def as { readonly format?: unknown }).format === "date";
  return def.format === "date" || ((def.checks ?? []) as z.core.$ZodCheck<never>[]).some(named);
}

function describedAs(schema: z.core.$ZodType): string | undefined {
  const { description, title } = z.globalRegistry.get(schema) ?? {};
  // a second copy of zod keeps a registry of its own
  const own = (schema as { readonly description?: unknown }).description;
  const text = description ?? title ?? (typeof own === "string" ? own : undefined);
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}

const refuse = (path: readonly string[], expected: string): ClewError => {
  const where = path.length === 0 ? "schema" : `schema at ${pointerOf(path)}`;
  return new ClewError("invalid-option", `Option "${where}" must be ${expected}.`);
};
