import type { MetadataField } from "@clew/core";
import { describe, expect, it } from "vitest";
import { ruleFilter } from "./rule-filter.js";

const year: MetadataField = { name: "year", types: ["number"], count: 9, examples: [2021, 2022, 2023] };
const date: MetadataField = {
  name: "date",
  types: ["string"],
  count: 9,
  examples: ["2021-03-04", "2022-01-01", "2023-12-31"],
};
const kind: MetadataField = { name: "kind", types: ["string"], count: 9, examples: ["10-K", "Annual Report", "memo"] };
const team: MetadataField = { name: "team", types: ["array"], count: 9, examples: ["memo", "tax"] };
const name: MetadataField = { name: "author", types: ["string"], count: 3, examples: ["Ada", "Bob", "Cy"] };

const read = (question: string, ...fields: MetadataField[]) =>
  ruleFilter(question, fields).conditions.map(({ field, op, value }) => `${field} ${op} ${value}`);

describe("ruleFilter", () => {
  it.each<[string, string[]]>([
    ["What changed since 2022?", ["year gte 2022"]],
    ["Reports from 2022 onwards", ["year gte 2022"]],
    ["What was decided after 2021?", ["year gt 2021"]],
    ["Who led it before 2023?", ["year lt 2023"]],
    ["up to 2022, what was paid?", ["year lte 2022"]],
    ["What was earned between 2021 and 2022?", ["year gte 2021", "year lte 2022"]],
    ["Revenue from 2021 to 2023", ["year gte 2021", "year lte 2023"]],
    ["Revenue 2021–2022", ["year gte 2021", "year lte 2022"]],
    ["What was revenue in 2022?", ["year eq 2022"]],
    ["What was revenue in the year 2022?", ["year eq 2022"]],
    ["What was founded in 1575?", []],
    ["What happened, but not in 2022?", []],
    ["The 2022 Olympics", []],
    ["Form 20221 of 20225", []],
  ])("%s", (question, conditions) => {
    expect(read(question, year)).toEqual(conditions);
  });

  it("reads years for ISO dates as prefixes", () => {
    expect(read("in 2022", date)).toEqual(["date gte 2022", "date lt 2023"]);
    expect(read("after 2021", date)).toEqual(["date gte 2022"]);
    expect(read("until 2022", date)).toEqual(["date lt 2023"]);
    expect(read("before 2022", date)).toEqual(["date lt 2022"]);
  });

  it("chooses the field by its name, and says when it cannot", () => {
    expect(read("since 2022", date, year)).toEqual(["year gte 2022"]);
    const { conditions, unclear } = ruleFilter("since 2022", [
      { ...year, name: "a" },
      { ...year, name: "b" },
    ]);
    expect([conditions, unclear]).toEqual([[], ["which field the year belongs to"]]);
    expect(read("since 2022", kind)).toEqual([]);
  });

  it("reads values of fields that have few of them, whole and in any case", () => {
    expect(read("What does the 10-k say of risks?", kind)).toEqual(["kind in 10-K"]);
    expect(read("Compare the annual report and the 10-K", kind)).toEqual(["kind in 10-K,Annual Report"]);
    expect(read("the memos of tax", kind, team)).toEqual(["team in tax"]);
    expect(read("anything but not the memo", kind)).toEqual([]);
    expect(read("What did Ada write?", name)).toEqual([]); // as many values as sources
  });

  it("says what it cannot tell apart", () => {
    const { conditions, unclear } = ruleFilter("the memo", [kind, team]);
    expect([conditions, unclear]).toEqual([[], ['whether "memo" is kind or team']]);
  });

  it("takes the years out of the question", () => {
    expect(ruleFilter("What changed in tax law since 2022?", [year]).query).toBe("What changed in tax law?");
    expect(ruleFilter("What was founded in 1575?", [year]).query).toBe("What was founded in 1575?");
  });
});
