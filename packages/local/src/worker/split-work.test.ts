import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitWork } from "./split-work.js";

describe("splitWork", () => {
  it("keeps every text, in order, in pieces that are small unless one text is large", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.nat({ max: 3000 }).map((length) => "x".repeat(length)),
          { maxLength: 60 },
        ),
        (texts) => {
          const pieces = [...splitWork(texts)];
          expect(pieces.flat()).toEqual(texts);
          for (const piece of pieces) {
            expect(piece.length).toBeGreaterThan(0);
            expect(piece.length).toBeLessThanOrEqual(16);
            if (piece.length > 1) expect(piece.join("").length).toBeLessThanOrEqual(2000);
          }
        },
      ),
    );
  });

  it("gives nothing for nothing", () => expect([...splitWork([])]).toEqual([]));
});
