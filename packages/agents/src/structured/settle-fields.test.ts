import type { AnswerField, FieldValue } from "@clew/core";
import { expect, it } from "vitest";
import { z } from "zod/v4";
import { formOf } from "./form-of.js";
import { leafAt } from "./leaves-of.js";
import { settleFields } from "./settle-fields.js";

const field = (value: FieldValue | null): AnswerField => ({
  value,
  citations: [],
  verdict: value === null ? "unsupported" : "supported",
  reasons: [],
});
const settle = (schema: z.ZodObject, found: Record<string, FieldValue | null>) =>
  settleFields(formOf(schema), new Map(Object.entries(found).map(([path, value]) => [path, field(value)])));

const line = z.object({ name: z.string(), tags: z.array(z.string()) });

it("closes up lists, and keeps 0, false and the order of the schema", () => {
  const schema = z.object({ b: z.number(), a: z.boolean(), lines: z.array(line) });
  const { value, fields } = settle(schema, {
    "/lines/2/tags/1": "y",
    "/lines/0/name": null,
    "/lines/3/name": "last",
    "/a": false,
    "/b": 0,
  });
  expect(value).toEqual({
    b: 0,
    a: false,
    lines: [
      { name: null, tags: ["y"] },
      { name: "last", tags: [] },
    ],
  });
  expect(Object.keys(fields)).toEqual(["/b", "/a", "/lines/0/name", "/lines/0/tags/0", "/lines/1/name"]);
  expect(fields["/lines/0/name"]?.verdict).toBe("missing");
});

it("leaves optional parts out, and makes nullable ones null", () => {
  const part = z.object({ x: z.string() });
  const schema = z.object({
    a: z.string().optional(),
    b: z.string().nullable(),
    c: z.string().nullish(),
    d: part.optional(),
    e: part.nullable(),
    f: part,
    g: z.array(part).optional(),
    h: z.array(part),
  });
  const { value } = settle(schema, {});
  expect(value).toEqual({ b: null, c: null, e: null, f: { x: null }, h: [] });
  expect("a" in value || "d" in value || "g" in value).toBe(false);
});

it("knows names with slashes, and no leaf that is not there", () => {
  const schema = z.object({ "a/b": z.object({ "~": z.string(), constructor: z.string() }) });
  expect(settle(schema, { "/a~1b/~0": "x" }).value).toEqual({ "a/b": { "~": "x", constructor: null } });
  const form = formOf(z.object({ a: z.string(), l: z.array(z.string()) }));
  for (const path of ["", "/", "/b", "/__proto__", "/a/0", "/l", "/l/x", "/l/-1", "/l/01", "/l/99999", "/toString"]) {
    expect(leafAt(form, path)).toBeUndefined();
  }
  expect(leafAt(form, "/l/12")).toEqual({ kind: "text" });
});
