import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findInSource, verifies } from "./find-in-source.js";

const quoteAt = (exact: string, start: number, prefix = "", suffix = "") => ({
  span: [start, start + exact.length] as const,
  target: { source: "s", selector: [{ type: "TextQuoteSelector" as const, exact, prefix, suffix }] },
});
const exactly = (text: string) => ({ text, exact: true });
const about = (text: string) => ({ text, exact: false });

describe("findInSource", () => {
  const text = "The house was sold in 1912. It burnt down.";
  const quote = quoteAt("sold in 1912", 14, "The house was ", ". It burnt down.");

  it("finds a quote where it was read", () => {
    expect(findInSource(quote, exactly(text))).toEqual({ finding: "position", span: [14, 26] });
  });

  it("finds it at another place between the same words, on either side", () => {
    expect(findInSource(quote, exactly(`Once. ${text}`))).toEqual({ finding: "moved", span: [20, 32] });
    expect(findInSource(quote, exactly("The mansion was sold in 1912. It burnt down.")).finding).toBe("moved");
  });

  it("does not verify the same words between others, in an exact text", () => {
    expect(findInSource(quote, exactly("Nothing was ever sold in 1912 here.")).finding).toBe("elsewhere");
    expect(verifies("elsewhere")).toBe(false);
  });

  it("folds white space and marks only where the text is not exact", () => {
    const other = "The house was “sold  in\n1912”. It burnt.";
    expect(findInSource(quote, exactly(other)).finding).toBe("inexact");
    expect(findInSource(quote, about(other))).toEqual({ finding: "folded", span: [15, 28] });
  });

  it("finds nothing where a word differs", () => {
    expect(findInSource(quote, about(text.replace("1912", "1913"))).finding).toBe("missing");
  });

  it("a quote without known surroundings is found elsewhere only if it stands there once", () => {
    expect(findInSource(quoteAt("sold", 99), exactly("It was sold.")).finding).toBe("moved");
    expect(findInSource(quoteAt("sold", 99), exactly("It was sold and sold.")).finding).toBe("elsewhere");
  });

  it("one altered character in the quote and it does not verify, whatever the character", () => {
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 5, maxLength: 40, unit: "grapheme" })
          .filter((own) => own.trim() === own && !own.includes("|")),
        fc.nat(),
        fc.string({ minLength: 1, maxLength: 1 }),
        (exact, where, by) => {
          const whole = `|before ${exact} after|`;
          const at = where % exact.length;
          fc.pre(exact[at] !== by && !whole.slice(9).includes(exact));
          const altered = exact.slice(0, at) + by + exact.slice(at + 1);
          const read = quoteAt(exact, 8, "|before ", " after|");
          expect(findInSource(read, exactly(whole)).finding).toBe("position");
          expect(verifies(findInSource(read, exactly(`|before ${altered} after|`)).finding)).toBe(false);
        },
      ),
    );
  });

  it("one altered character anywhere else and it does", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom("", "x", "xyz"), (where, by) => {
        const at = where % text.length;
        fc.pre(at < 14 || at >= 26);
        const altered = text.slice(0, at) + by + text.slice(at + 1);
        expect(verifies(findInSource(quote, exactly(altered)).finding)).toBe(true);
      }),
    );
  });

  it("takes time linear in what it is given", () => {
    const long = "a".repeat(200_000);
    expect(findInSource(quoteAt(`${"a".repeat(5000)}b`, 3), about(long)).finding).toBe("missing");
  });
});
