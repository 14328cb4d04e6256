import { ClewError } from "@clew/core";
import { describe, expect, it } from "vitest";
import { z as z3 } from "zod/v3";
import { z } from "zod/v4";
import * as mini from "zod/v4-mini";
import { formOf } from "./form-of.js";

describe("formOf", () => {
  it("reads objects, lists, leaves and what the schema says of them", () => {
    const schema = z.object({
      name: z.string().min(2).describe("legal name"),
      revenue: z.number().positive().nullable().describe("in millions"),
      at: z.iso.date().optional(),
      on: z.string().date().nullish(),
      kind: z.enum(["annual", "quarterly"]),
      unit: z.literal("USD"),
      size: z.union([z.literal(1), z.literal("two"), z.null()]),
      audited: z.boolean().readonly(),
      tags: z.array(z.string().meta({ title: "a tag" })),
      of: z.object({ lines: z.array(z.object({ n: z.int().brand("n") })).optional() }).nullable(),
      later: z.lazy(() => z.string()),
      must: z.string().optional().nonoptional(),
    });
    expect(formOf(schema)).toEqual({
      kind: "object",
      fields: {
        name: { kind: "text", about: "legal name" },
        revenue: { kind: "number", about: "in millions", nullable: true },
        at: { kind: "date", optional: true },
        on: { kind: "date", nullable: true, optional: true },
        kind: { kind: "choice", choices: ["annual", "quarterly"] },
        unit: { kind: "choice", choices: ["USD"] },
        size: { kind: "choice", choices: [1, "two"], nullable: true },
        audited: { kind: "boolean" },
        tags: { kind: "list", of: { kind: "text", about: "a tag" } },
        of: {
          kind: "object",
          nullable: true,
          fields: {
            lines: { kind: "list", optional: true, of: { kind: "object", fields: { n: { kind: "number" } } } },
          },
        },
        later: { kind: "text" },
        must: { kind: "text" },
      },
    });
  });

  it("reads schemas of zod/mini too", () => {
    expect(formOf(mini.object({ a: mini.nullable(mini.string()) }))).toEqual({
      kind: "object",
      fields: { a: { kind: "text", nullable: true } },
    });
  });

  interface Loop {
    next: Loop;
  }
  const loop: z.ZodType<Loop> = z.object({
    get next() {
      return loop;
    },
  });
  it.each<[string, z.core.$ZodType, RegExp]>([
    ["no object", z.string(), /"schema" must be an object at its root/],
    ["a date object", z.object({ a: z.date() }), /"schema at \/a" must be z\.iso\.date\(\)/],
    ["a transform", z.object({ a: z.string().transform(Number) }), /without transform/],
    ["preprocess", z.object({ a: z.preprocess(String, z.string()) }), /without transform/],
    ["a codec", z.object({ a: z.stringbool() }), /without transform/],
    ["coercion", z.object({ a: z.coerce.number() }), /without coerce/],
    ["a default", z.object({ a: z.string().default("x") }), /without default/],
    ["catch", z.object({ a: z.string().catch("x") }), /without catch/],
    ["prefault", z.object({ a: z.string().prefault("x") }), /without prefault/],
    ["a function", z.object({ a: z.custom<() => void>() }), /not a custom/],
    ["any", z.object({ a: z.any() }), /not an any/],
    ["a union of types", z.object({ a: z.union([z.string(), z.number()]) }), /no union/],
    ["a union of objects", z.object({ a: z.union([z.object({ b: z.string() }), z.literal(1)]) }), /not an object/],
    ["a record", z.object({ a: z.record(z.string(), z.string()) }), /not a record/],
    ["a tuple", z.object({ a: z.tuple([z.string()]) }), /not a tuple/],
    ["a bigint", z.object({ a: z.bigint() }), /not a bigint/],
    ["a catchall", z.object({ a: z.string() }).catchall(z.string()), /without catchall/],
    ["an empty object", z.object({ a: z.object({}) }), /at least one field/],
    ["a null", z.object({ a: z.null() }), /not a null/],
    ["an empty literal", z.object({ a: z.literal("") }), /enum or literal/],
    ["a schema without end", loop, /at most 6 levels/],
    [
      "too many leaves",
      z.object(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`a${at}`, z.string()]))),
      /100 leaves/,
    ],
    ["a path with a slash", z.object({ "a/b": z.object({ "c~": z.any() }) }), /at \/a~1b\/c~0/],
    ["zod 3", z3.object({ a: z3.string() }) as never, /zod 4/],
    ["no schema", {} as never, /zod 4/],
  ])("refuses %s, naming the place", (_, schema, message) => {
    const reading = () => formOf(schema);
    expect(reading).toThrow(message);
    expect(reading).toThrow(ClewError);
  });
});
