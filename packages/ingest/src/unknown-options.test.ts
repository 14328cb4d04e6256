import { expect, it } from "vitest";
import { documents, files, rows, webPages } from "./index.js";

const misspelt: object = { maxBites: 5 };

it.each<[string, () => unknown]>([
  ["files", () => files("docs", misspelt)],
  ["rows", () => rows([{ id: 1 }], { id: "id", ...misspelt })],
  ["documents", () => documents([], misspelt)],
  ["webPages", () => webPages(["https://example.com/"], misspelt)],
])("%s refuses an option that it does not have, and names those it has", (name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: "invalid-option" }));
  expect(make).toThrow(new RegExp(`"maxBites" must be one of .*signal.*: ${name} has no other`));
});
