import { checkFilter, type FilterRecord, type MetadataField, matchesFilter } from "@clew/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { narrowFilter } from "./narrow-filter.js";

const fields: readonly MetadataField[] = [
  { name: "year", types: ["number"], count: 8, examples: [2022, 2023] },
  { name: "kind", types: ["string"], count: 8, examples: ["10-K", "Report"] },
  { name: "tags", types: ["array"], count: 3, examples: ["audit", "tax"] },
  { name: "open", types: ["boolean"], count: 2, examples: [true] },
  { name: "note", types: ["string"], count: 30, examples: Array.from({ length: 20 }, (_, at) => `note ${at}`) },
];
const narrow = (...conditions: { field: string; op: string; value: unknown }[]) => narrowFilter(conditions, fields);

describe("narrowFilter", () => {
  it("makes a filter of conditions that stand", () => {
    expect(narrow({ field: "year", op: "gte", value: 2023 }).filter).toEqual({ year: { $gte: 2023 } });
    expect(
      narrow({ field: "year", op: "$lt", value: 2023 }, { field: "kind", op: "eq", value: "10-K" }).filter,
    ).toEqual({
      $and: [{ year: { $lt: 2023 } }, { kind: { $eq: "10-K" } }],
    });
    expect(narrow({ field: "tags", op: "in", value: ["audit", "tax"] }).filter).toEqual({
      tags: { $in: ["audit", "tax"] },
    });
    expect(narrow({ field: "open", op: "exists", value: false }).filter).toEqual({ open: { $exists: false } });
    expect(narrow({ field: "note", op: "eq", value: "never seen" }).filter).toEqual({ note: { $eq: "never seen" } });
  });

  it("reads other spellings and types as the values that exist, and says so", () => {
    const read = narrow(
      { field: "kind", op: "eq", value: "report" },
      { field: "year", op: "eq", value: "2023" },
      { field: "tags", op: "in", value: ["AUDIT", "unknown"] },
    );
    expect(read.filter).toEqual({
      $and: [{ kind: { $eq: "Report" } }, { year: { $eq: 2023 } }, { tags: { $eq: "audit" } }],
    });
    expect(read.repaired).toHaveLength(3);
    expect(read.dropped).toEqual([]);
  });

  it.each<[unknown, string, unknown, RegExp]>([
    ["secret", "eq", 1, /no such field/],
    ["__proto__", "eq", 1, /no such field/],
    ["$or", "eq", 1, /no such field/],
    ["year", "regex", ".*", /no such operator/],
    ["year", "gte", true, /holds number/],
    ["year", "eq", { $gt: 0 }, /holds number/],
    ["year", "eq", null, /holds number/],
    ["year", "eq", 1999, /no source has that value/],
    ["year", "in", [], /names no value/],
    ["open", "gt", true, /neither more nor less/],
    ["open", "exists", "yes", /true or false/],
    ["kind", "eq", "memo", /no source has that value/],
  ])("leaves out %s %s %j", (field, op, value, why) => {
    const { filter, dropped } = narrow({ field: field as string, op, value });
    expect(filter).toBeUndefined();
    expect(dropped).toEqual([expect.stringMatching(why)]);
  });

  it("gives, of anything at all, a filter that core takes and that reaches known fields alone", () => {
    const anyCondition = fc.record({
      field: fc.oneof(fc.constantFrom(...fields.map(({ name }) => name)), fc.string()),
      op: fc.oneof(fc.constantFrom("eq", "in", "nin", "gt", "$lte", "exists", "$or", "not"), fc.string()),
      value: fc.oneof(fc.jsonValue(), fc.constantFrom(2022, "2023", "10-k", true, undefined, Number.NaN)),
    });
    const names = new Set(fields.map(({ name }) => name));
    fc.assert(
      fc.property(fc.array(anyCondition, { maxLength: 20 }), (conditions) => {
        const { filter } = narrowFilter(conditions, fields);
        if (filter === undefined) return;
        checkFilter(filter);
        for (const part of (filter.$and ?? [filter]) as readonly object[]) {
          for (const key of Object.keys(part)) expect(names.has(key)).toBe(true);
        }
      }),
    );
  });

  it("never widens what a caller's filter lets through", () => {
    const records = fc.array(
      fc.record({
        year: fc.constantFrom(2022, 2023),
        kind: fc.constantFrom("10-K", "Report"),
        owner: fc.constantFrom("a", "b"),
      }),
    );
    const anyCondition = fc.record({
      field: fc.constantFrom("year", "kind", "owner"),
      op: fc.constantFrom("eq", "ne", "in", "nin", "gt", "gte", "lt", "lte", "exists"),
      value: fc.constantFrom<unknown>(2022, 2023, "10-K", "report", ["10-K", "Report"], true, false),
    });
    fc.assert(
      fc.property(records, fc.array(anyCondition, { maxLength: 4 }), (all: FilterRecord[], conditions) => {
        const { filter } = narrowFilter(conditions, fields);
        const own = { owner: "a" };
        const joined = filter === undefined ? own : { $and: [own, filter] };
        for (const record of all) if (matchesFilter(joined, record)) expect(record.owner).toBe("a");
      }),
    );
  });
});
