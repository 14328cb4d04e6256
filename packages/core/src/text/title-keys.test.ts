import { expect, it } from "vitest";
import { titleKeys } from "./title-keys.js";

it.each([
  ["Kraków (film)", ["krakow film", "krakow"]],
  ["The Clash", ["the clash"]],
  ["Up", []],
  ["1984", []],
  ["1984 (novel)", ["1984 novel"]],
  ["東京", ["東京"]],
  ["Rome (a) b)", ["rome a b"]],
  ["Rome (a (b) ", ["rome a b", "rome a"]],
  ["", []],
])("makes keys of %j", (title, keys) => {
  expect(titleKeys(title)).toEqual(keys);
});

it("reads a title of white space in linear time", () => {
  expect(titleKeys(`Rome${" ".repeat(500_000)}x`)).toEqual(["rome x"]);
});
