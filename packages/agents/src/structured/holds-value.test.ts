import type { FieldKind, FieldValue } from "@clew/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsValue } from "./holds-value.js";

const held = (kind: FieldKind, value: FieldValue, quote: string, { around = quote, hint = "" } = {}) =>
  holdsValue({ kind }, value, { quote, around, hint });

describe("holdsValue", () => {
  // by hand: what the quote says, and what the value must be
  it.each<[number, string, { around?: string; hint?: string }]>([
    [1_200_000_000, "revenue of $1.2 billion", {}],
    [1.2, "revenue of $1.2 billion", { hint: "revenue in billions" }],
    [1200, "revenue of $1.2 billion", { hint: "USD millions" }],
    [383_285, "Net sales 383,285", {}],
    [383_285_000_000, "Net sales 383,285", { around: "(In millions)\nNet sales 383,285" }],
    [383_285, "Net sales 383,285", { around: "(In millions)\nNet sales 383,285", hint: "in millions" }],
    [12_000, "Sales 12", { around: "$000\nSales 12" }],
    [-5_000_000, "a loss of $5 million", {}],
    [5_000_000, "net loss (5 million)", { hint: "net loss" }],
    [-1577, "Net income (1,577)", {}],
    [12.5, "rose to 12.5%", {}],
    [0.125, "rose to 12.5%", { hint: "margin as a fraction" }],
    [12, "it has twelve members", {}],
    [2023, "in fiscal 2023", {}],
    [1998, "on 3 May 1998", {}],
    [0, "no, 0 of them", {}],
  ])("%d is held by %j %j", (value, quote, ground) => {
    expect(held("number", value, quote, ground)).toBe(value);
  });

  it.each<[number, string, { around?: string; hint?: string }]>([
    [1.2, "revenue of $1.2 billion", {}],
    [1_200_000, "revenue of $1.2 billion", {}],
    [3, "on 3 May 1998", {}],
    [285, "383,285", {}],
    [5, "version 1.5.2", {}],
    [-383_285, "Net sales 383,285", {}],
    [0.125, "rose to 12.5%", {}],
    [12.5e6, "(In millions) margin 12.5%", {}],
  ])("%d is not held by %j %j", (value, quote, ground) => {
    expect(held("number", value, quote, ground)).toBeUndefined();
  });

  it("holds any whole number by what it is written as", () => {
    fc.assert(
      fc.property(fc.integer({ min: 21, max: 1e12 }), (value) => {
        const quote = `It came to ${value.toLocaleString("en-US")} in all.`;
        expect(held("number", value, quote)).toBe(value);
        expect(held("number", value + 1, quote)).toBeUndefined();
      }),
    );
  });

  it.each([
    ["1998-05-03", "on 3 May 1998", true],
    ["1998-05-03", "May 3rd, 1998", true],
    ["1998-05-03", "1998-05-03", true],
    ["1998-05-03", "in May 1998", false],
    ["1998-05-03", "on 5 March 1998", false],
    ["not a date", "not a date", false],
  ])("the date %s in %j: %s", (value, quote, is) => {
    expect(held("date", value, quote)).toBe(is ? value : undefined);
  });

  it.each([
    ["ernst & young llp", "by Ernst & Young LLP.", "Ernst & Young LLP"],
    ["Ernst and Young LLP", "by Ernst &\nYoung  LLP", "Ernst & Young LLP"],
    ["USD", "all in U.S. dollars", "USD"],
    ["USD", "$5", "USD"],
    ["2023-09-30", "ended September 30, 2023", "2023-09-30"],
    ["C++", "in C++ and C", "C++"],
    ["$& (a|b) \\d", "is $& (a|b) \\d here", "$& (a|b) \\d"],
    ["Young", "by Youngster", undefined],
    ["EUR", "$5", undefined],
    ["audited", "were not audited", undefined],
    ["Ernst Young", "by Ernst. Later came Youngs", undefined],
    ["A B", "| A | B |", undefined],
    ["", "anything", undefined],
  ])("the text %j in %j: %j", (value, quote, found) => {
    expect(held("text", value, quote)).toBe(found);
  });

  it("finds choices by their words", () => {
    const choices = ["half-year", "fullYear", 7];
    const has = (value: FieldValue, quote: string) =>
      holdsValue({ kind: "choice", choices }, value, { quote, around: quote, hint: "" });
    expect([
      has("half-year", "the half year"),
      has("fullYear", "a full year"),
      has(7, "seven"),
      has("fullYear", "a year"),
    ]).toEqual(["half-year", "fullYear", 7, undefined]);
    expect(held("boolean", true, "true")).toBeUndefined();
  });
});
