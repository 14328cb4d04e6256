import { passageId } from "@clew/core";
import { aPassage } from "@clew/core/testing";
import { rawAnalyzer } from "@clew/core/text";
import fc from "fast-check";
import { expect, it } from "vitest";
import { quantise } from "./quantise.js";
import { decodeRows, encodeRows } from "./rows-codec.js";
import { analysePassages } from "./source-rows.js";

it("comes back from bytes as it was, with and without vectors", () => {
  const text = fc
    .array(fc.constantFrom("red", "fox", "hen", "a", "b2"), { maxLength: 400 })
    .map((words) => words.join(" "));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { maxLength: 6 }), fc.boolean(), (texts, dense) => {
      const passages = texts.map(([title, body], at) =>
        aPassage({ id: passageId(`é${at}`), title, text: body, ordinal: at, page: at }),
      );
      const analysis = analysePassages(passages, rawAnalyzer());
      let step = analysis.next();
      while (!step.done) step = analysis.next();
      const vectors = quantise(
        texts.map((_, at) => Float32Array.of(1, at, -at)),
        3,
        texts.map((_, at) => String(at).padStart(32, "0")),
      );
      const rows = dense && texts.length > 0 ? { ...step.value, vectors } : step.value;
      expect(decodeRows(encodeRows(rows))).toEqual(rows);
    }),
    { numRuns: 50 },
  );
});
