import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aPassage } from "../testing/a-passage.js";
import { dice, randomFilter } from "../testing/index-suite/random-corpus.js";
import { checkFilter } from "./check-filter.js";
import type { Filter } from "./filter.js";
import { filterRecord, matchesFilter } from "./matches-filter.js";

const record = {
  year: 2023,
  kind: "10-K",
  tags: ["audit", "tax"],
  sizes: [1, 9],
  final: false,
  note: null,
  empty: "",
  zero: 0,
};

describe("matchesFilter", () => {
  it.each<[Filter, boolean]>([
    [{}, true],
    [{ year: 2023 }, true],
    [{ year: "2023" }, false],
    [{ zero: 0 }, true],
    [{ empty: "" }, true],
    [{ final: false }, true],
    [{ zero: false }, false],
    [{ note: null }, true],
    [{ missing: null }, false],
    [{ year: { $eq: 2023 } }, true],
    [{ tags: "audit" }, true],
    [{ tags: "au" }, false],
    [{ tags: { $ne: "audit" } }, false],
    [{ tags: { $ne: "legal" } }, true],
    [{ missing: { $ne: "x" } }, true],
    [{ note: { $ne: null } }, false],
    [{ kind: { $in: ["10-Q", "10-K"] } }, true],
    [{ kind: { $in: [] } }, false],
    [{ kind: { $nin: [] } }, true],
    [{ tags: { $in: ["legal", "tax"] } }, true],
    [{ tags: { $nin: ["legal", "tax"] } }, false],
    [{ missing: { $in: [null] } }, false],
    [{ missing: { $nin: ["x"] } }, true],
    [{ year: { $gt: 2022, $lt: 2024 } }, true],
    [{ year: { $gt: 2023 } }, false],
    [{ year: { $gte: 2023 } }, true],
    [{ year: { $lt: 2023 } }, false],
    [{ year: { $lte: 2023 } }, true],
    [{ year: { $gt: "2022" } }, false],
    [{ kind: { $gt: "10-" } }, true],
    [{ kind: { $lt: 99 } }, false],
    [{ sizes: { $gt: 5 } }, true],
    // one element below 5 and another above: each condition looks for its own
    [{ sizes: { $gt: 5, $lt: 5 } }, true],
    [{ missing: { $lt: 5 } }, false],
    [{ note: { $lt: 5 } }, false],
    [{ year: { $exists: true } }, true],
    [{ note: { $exists: true } }, true],
    [{ missing: { $exists: false } }, true],
    [{ missing: { $exists: true } }, false],
    [{ year: { $not: { $gt: 2023 } } }, true],
    [{ missing: { $not: { $gt: 1 } } }, true],
    [{ $and: [] }, true],
    [{ $or: [] }, false],
    [{ $and: [{ year: 2023 }, { kind: "10-Q" }] }, false],
    [{ $or: [{ year: 1999 }, { kind: "10-K" }] }, true],
    [{ $not: { year: 2023 } }, false],
    [{ year: 2023, kind: "10-Q" }, false],
    [{ toString: { $exists: false }, constructor: { $exists: false } }, true],
  ])("%j: %s", (filter, expected) => {
    expect(matchesFilter(checkFilter(filter), record)).toBe(expected);
  });

  it("sees what every passage has, and lets a metadata field of the same name win", () => {
    const passage = aPassage({ source: "s1", title: "T", page: 3, metadata: { title: "mine", year: 2023 } });
    expect(filterRecord(passage)).toEqual({ source: "s1", title: "mine", uri: undefined, page: 3, year: 2023 });
    expect(matchesFilter({ uri: { $exists: false } }, filterRecord(passage))).toBe(true);
  });

  it("obeys the laws of logic (random filters)", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rolls = dice(seed);
        const [a, b] = [randomFilter(rolls), randomFilter(rolls)];
        const seen = {
          year: 2020 + rolls.number(4),
          kind: rolls.pick(["10-K", "memo", ""]),
          tags: ["audit"],
          note: null,
        };
        const holds = (filter: Filter): boolean => matchesFilter(checkFilter(filter), seen);
        expect(holds({ $not: a })).toBe(!holds(a));
        expect(holds({ $and: [a, b] })).toBe(holds(a) && holds(b));
        expect(holds({ $or: [a, b] })).toBe(holds(a) || holds(b));
        expect(holds({ $not: { $or: [a, b] } })).toBe(holds({ $and: [{ $not: a }, { $not: b }] }));
        expect(holds(JSON.parse(JSON.stringify(a)) as Filter)).toBe(holds(a));
      }),
      { numRuns: 500 },
    );
  });

  it("$in is $or of $eq, $nin its opposite, $gte is $gt or $eq", () => {
    const value = fc.oneof(
      fc.string({ maxLength: 2 }),
      fc.integer({ min: -2, max: 2 }),
      fc.boolean(),
      fc.constant(null),
    );
    const stored = fc.oneof(value, fc.array(fc.oneof(fc.string({ maxLength: 2 }), fc.integer({ min: -2, max: 2 }))));
    const bound = fc.oneof(fc.string({ maxLength: 2 }), fc.integer({ min: -2, max: 2 }));
    fc.assert(
      fc.property(stored, fc.array(value, { maxLength: 4 }), bound, (x, values, y) => {
        const holds = (filter: Filter): boolean => matchesFilter(filter, { x });
        expect(holds({ x: { $in: values } })).toBe(values.some((each) => holds({ x: { $eq: each } })));
        expect(holds({ x: { $nin: values } })).toBe(!holds({ x: { $in: values } }));
        expect(holds({ x: { $gte: y } })).toBe(holds({ x: { $gt: y } }) || holds({ x: { $eq: y } }));
        expect(holds({ x: { $lte: y } })).toBe(holds({ x: { $lt: y } }) || holds({ x: { $eq: y } }));
      }),
    );
  });
});

describe("checkFilter", () => {
  it.each<[unknown, string]>([
    [null, "filter"],
    [[], "filter"],
    ["year", "filter"],
    [{ $nor: [] }, "filter.$nor"],
    [{ $and: {} }, "filter.$and"],
    [{ $or: [{ a: { $regex: "x" } }] }, "filter.$or[0].a.$regex"],
    [{ $not: [] }, "filter.$not"],
    [{ year: {} }, "filter.year"],
    [{ year: [2023] }, "filter.year"],
    [{ year: Number.NaN }, "filter.year"],
    [{ year: { $gt: Number.POSITIVE_INFINITY } }, "filter.year.$gt"],
    [{ year: { $gt: true } }, "filter.year.$gt"],
    [{ year: { $gt: null } }, "filter.year.$gt"],
    [{ year: { $in: 2023 } }, "filter.year.$in"],
    [{ year: { $in: [[1]] } }, "filter.year.$in"],
    [{ year: { $eq: {} } }, "filter.year.$eq"],
    [{ year: { $exists: "yes" } }, "filter.year.$exists"],
    [{ year: { $not: 5 } }, "filter.year.$not"],
    [{ year: new Date(0) }, "filter.year"],
  ])("refuses %j, at %s", (filter, place) => {
    expect(() => checkFilter(filter)).toThrow(expect.objectContaining({ code: "invalid-filter" }));
    expect(() => checkFilter(filter)).toThrow(new RegExp(`at ${place.replace(/[$.[\]]/g, "\\$&")}:`));
  });

  it("refuses what is nested too deep, and cycles with it", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.$not = cyclic;
    expect(() => checkFilter(cyclic)).toThrow(/nesting/);
    const conditions: Record<string, unknown> = {};
    conditions.$not = conditions;
    expect(() => checkFilter({ year: conditions })).toThrow(/nesting/);
  });

  it("returns what is right as it is", () => {
    const filter: Filter = { year: { $gte: 2023 }, $or: [{ kind: "10-K" }, { tags: { $in: ["audit"] } }] };
    expect(checkFilter(filter)).toBe(filter);
  });

  it.each([
    ["a map", new Map([["year", 2020]])],
    ["an inherited field", Object.create({ year: 2020 })],
    ["an inherited condition", { year: Object.create({ $gte: 2020 }) }],
    ["a field without a value", { year: undefined }],
    ["a condition without a value", { year: { $gte: undefined } }],
  ])("refuses %s, which would be ignored", (_, filter) => {
    expect(() => checkFilter(filter)).toThrow(/plain object|object of conditions|it is undefined/);
  });
});
