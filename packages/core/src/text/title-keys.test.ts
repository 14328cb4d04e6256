import { expect, it } from "vitest";
import { titleKeys } from "./title-keys.js";

it.each([
  ["Kraków (film)", ["krakow film", "krakow"]],
  ["The Clash", ["the clash"]],
  ["Up", []],
  ["1984", []],
  ["1984 (novel)", ["1984 novel"]],
  ["東京", ["東京"]],
  ["", []],
])("makes keys of %j", (title, keys) => {
  expect(titleKeys(title)).toEqual(keys);
});
