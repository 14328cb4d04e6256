import { describe, expect, it } from "vitest";
import { z } from "zod";
import { grammarSchema } from "./grammar-schema.js";

describe("grammarSchema", () => {
  it("translates what zod writes", () => {
    const schema = z.object({
      kind: z.enum(["a", "b"]).describe("which"),
      text: z.string().nullable(),
      count: z.int(),
      stars: z.int().min(1).max(3),
      list: z.array(z.object({ id: z.literal("q1") })).max(2),
    });
    expect(grammarSchema(z.toJSONSchema(schema))).toEqual({
      type: "object",
      properties: {
        kind: { enum: ["a", "b"] },
        text: { oneOf: [{ type: "string" }, { type: "null" }] },
        count: { type: "integer" },
        stars: { enum: [1, 2, 3] },
        list: { type: "array", maxItems: 2, items: { type: "object", properties: { id: { const: "q1" } } } },
      },
    });
  });

  it("keeps definitions and spreads lists of types", () => {
    const node = { type: ["string", "integer"], minLength: 2, maximum: 3, minimum: 2, title: "Node" };
    expect(grammarSchema({ $ref: "#/definitions/node", definitions: { node } })).toEqual({
      $ref: "#/$defs/node",
      $defs: { node: { oneOf: [{ type: "string", minLength: 2 }, { enum: [2, 3] }] } },
    });
  });

  it.each([
    [{ type: "string", pattern: "^a" }, "pattern"],
    [{ type: "array", uniqueItems: true }, "uniqueItems"],
    [{ type: "integer", minimum: 0 }, "range of integers"],
    [{ type: "number", minimum: 0 }, "minimum"],
    [{ allOf: [{ type: "string" }, { type: "string" }] }, "allOf"],
    [{ type: "string", format: "email" }, "email"],
    [{ type: "thing" }, "thing"],
    ["text", "no schema"],
  ])("refuses %j, which a grammar cannot hold", (schema, what) => {
    expect(() => grammarSchema(schema)).toThrow(what);
  });
});
