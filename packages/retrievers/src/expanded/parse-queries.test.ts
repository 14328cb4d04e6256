import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseQueries } from "./parse-queries.js";
import { queryKey } from "./query-key.js";

describe("parseQueries", () => {
  it.each([
    ['{"queries": ["a b", "c"]}'],
    ['```json\n{"queries": ["a b", "c"]}\n```'],
    ['Sure! Here they are:\n{"queries": [" a\\n b ", "c", "", 3, null, {"x": 1}]}\nHave fun.'],
  ])("reads %j", (answer) => {
    expect(parseQueries(answer, 5)).toEqual(["a b", "c"]);
  });

  it.each([
    ["I would rather not."],
    ["1. who built it\n2. who made it"],
    ['{"queries": "who built it"}'],
    ['{"query": ["who built it"]}'],
    ['{"queries": ["who'],
    ["}{"],
    ["null"],
    [""],
    [`{"queries": ["${"long ".repeat(100)}"]}`],
  ])("finds nothing in %j", (answer) => {
    expect(parseQueries(answer, 5)).toEqual([]);
  });

  it("takes no more than it may of 10,000 lines", () => {
    const queries = Array.from({ length: 10_000 }, (_, index) => `query ${index}`);
    expect(parseQueries(JSON.stringify({ queries: queries.slice(0, 5_000) }), 3)).toEqual(queries.slice(0, 3));
    expect(parseQueries(JSON.stringify({ queries }), 3)).toEqual([]); // more than any model may write
    expect(parseQueries(queries.join("\n"), 3)).toEqual([]);
  });

  it("never throws, and never gives what is no query", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"queries": ${json}}`),
        ),
        (answer) => {
          for (const query of parseQueries(answer, 4)) expect(query.trim()).toBe(query);
          expect(parseQueries(answer, 4).length).toBeLessThanOrEqual(4);
        },
      ),
    );
  });
});

it("queryKey is equal for the same words", () => {
  expect(queryKey("Who built the Labyrinth?")).toBe(queryKey("  who BUILT “the labyrinth” "));
  expect(queryKey("Qui était Dédale ?")).toBe(queryKey("qui etait dedale"));
  expect(queryKey("?!")).toBe("");
});
