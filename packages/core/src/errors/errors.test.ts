import { describe, expect, expectTypeOf, it } from "vitest";
import { isNonNegative, isPositiveInteger, nonNegative, positiveInteger } from "./check-number.js";
import { ClewError, type ClewErrorCode } from "./clew-error.js";
import { invalidOption } from "./invalid-option.js";
import { loadOptional } from "./load-optional.js";

describe("ClewError", () => {
  it("keeps code, message and cause, and is an Error", () => {
    const cause = new Error("below");
    const error = new ClewError("closed", "Open it again.", { cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.code, error.message, error.name, error.cause]).toEqual([
      "closed",
      "Open it again.",
      "ClewError",
      cause,
    ]);
    expectTypeOf(error.code).toEqualTypeOf<ClewErrorCode>();
  });

  it("is recognised across copies of the package, by its mark alone", () => {
    const foreign = Object.assign(new Error("x"), { [Symbol.for("clew.error")]: true });
    expect(ClewError.isInstance(foreign)).toBe(true);
    for (const other of [new Error("x"), null, undefined, "clew.error", { code: "closed" }]) {
      expect(ClewError.isInstance(other)).toBe(false);
    }
  });
});

describe("invalidOption", () => {
  it("names the option, what was wanted and what came", () => {
    expect(invalidOption("k", "a whole number", 1.5).message).toBe('Option "k" must be a whole number, but got 1.5.');
    expect(invalidOption("k", "given").message).toBe('Option "k" must be given.');
    expect(invalidOption("k", "finite", Number.NaN).message).toContain("NaN");
    expect(invalidOption("k", "small", 10n).message).toContain("10");
    expect(invalidOption("k", "plain", () => 1).message).toContain("function");
  });

  it("shows long and cyclic values without failing", () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    expect(invalidOption("k", "plain", cyclic).message).toContain("object");
    expect(invalidOption("k", "short", "x".repeat(500)).message.length).toBeLessThan(150);
  });
});

describe("check-number", () => {
  it.each([
    [0, true, false],
    [1, true, true],
    [0.5, true, false],
    [-1, false, false],
    [Number.NaN, false, false],
    [Number.POSITIVE_INFINITY, false, false],
    [2 ** 53, true, false],
    ["1", false, false],
    [null, false, false],
    [undefined, false, false],
  ])("%s: not negative %s, positive integer %s", (value, notNegative, wholePositive) => {
    expect(isNonNegative(value)).toBe(notNegative);
    expect(isPositiveInteger(value)).toBe(wholePositive);
    if (notNegative) expect(nonNegative("n", value)).toBe(value);
    else expect(() => nonNegative("n", value)).toThrow(/"n"/);
    if (wholePositive) expect(positiveInteger("n", value)).toBe(value);
    else expect(() => positiveInteger("n", value)).toThrow(/"n"/);
  });
});

describe("loadOptional", () => {
  it("returns what loads", async () => {
    const path = await loadOptional({ name: "node:path", neededBy: "this test", load: () => import("node:path") });
    expect(path.sep).toBeDefined();
  });

  it("names the package to install, with the import's own failure as cause", async () => {
    const name: string = "no-such-package-anywhere";
    const loading = loadOptional({ name, neededBy: "postgresIndex", load: () => import(name) });
    await expect(loading).rejects.toMatchObject({
      code: "missing-package",
      message: `postgresIndex could not load "${name}". Install it with: pnpm add ${name}`,
      cause: expect.any(Error),
    });
  });
});
