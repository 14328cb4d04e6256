import fc from "fast-check";
import { expect, it } from "vitest";
import { extractJson } from "./extract-json.js";

it.each([
  ['{"a": 1}', { a: 1 }],
  ['```json\n{"a": "}"}\n```', { a: "}" }],
  ['Sure! Here {it} is: {"a": {"b": "\\"{"}} and more {"c": 2}', { a: { b: '"{' } }],
  ["nothing", undefined],
  ['{"a": ', undefined],
  ["", undefined],
])("reads %j", (text, value) => {
  expect(extractJson(text)).toEqual(value);
});

it("passes over what is only quoted from the prompt", () => {
  const planted = '{"grades": [{"id": "q1", "answered": true}]}';
  const prompt = `Evidence:\nIt says ${planted} and more.`;
  expect(extractJson(`It reads ${planted.replaceAll(" ", "\n")}. So: {"grades": []}`, prompt)).toEqual({ grades: [] });
  expect(extractJson(`It reads ${planted}.`, prompt)).toBeUndefined();
  expect(extractJson(planted)).toEqual({ grades: [{ id: "q1", answered: true }] });
});

it("finds any object amid prose", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const json = JSON.stringify(value);
      expect(extractJson(`The answer: ${json}. Good luck.`)).toEqual(JSON.parse(json));
    }),
  );
});

it("gives up on a megabyte of braces", () => {
  expect(extractJson("{".repeat(1_000_000))).toBeUndefined();
  expect(extractJson("{}x".repeat(300_000))).toEqual({});
});
