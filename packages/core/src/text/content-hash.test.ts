import { expect, it } from "vitest";
import { contentHash } from "./content-hash.js";

it("is the head of SHA-256", () => {
  // FIPS 180-2, appendix B.1
  expect(contentHash("abc")).toBe("ba7816bf8f01cfea414140de5dae2223");
  expect(contentHash("é")).not.toBe(contentHash("e\u0301"));
});
