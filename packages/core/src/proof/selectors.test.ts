import fc from "fast-check";
import { expect, it } from "vitest";
import { positionSelector, quoteSelector } from "./selectors.js";

it("counts code points, as the recommendation demands, not UTF-16 code units", () => {
  // 𝄞 is one code point and two code units
  expect(positionSelector("a𝄞b𝄞c", [3, 6])).toEqual({ type: "TextPositionSelector", start: 2, end: 4 });
});

it("selects by position what the span selects, whatever the text", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { minLength: 3, maxLength: 3 }),
      ([a, b, c]) => {
        const text = `${a}${b}${c}`;
        const { start, end } = positionSelector(text, [a!.length, a!.length + b!.length]);
        expect([...text].slice(start, end).join("")).toBe(b);
      },
    ),
  );
});

it("takes the surroundings of the passage, and of the whole text where it is known", () => {
  const passage = { text: "It was sold in 1912 for much.", span: [10, 39] as const };
  const citation = { quote: "in 1912", span: [22, 29] as const };
  expect(quoteSelector(citation, passage, undefined)).toMatchObject({ prefix: "It was sold ", suffix: " for much." });
  const text = `# A house\n${passage.text} The end.`;
  expect(quoteSelector(citation, passage, text)).toMatchObject({
    prefix: "# A house\nIt was sold ",
    suffix: " for much. The end.",
  });
  expect(quoteSelector(citation, { ...passage, text: "Something else." }, undefined)).toMatchObject({
    prefix: "",
    suffix: "",
  });
});

it("cuts long surroundings between words, and never through a pair", () => {
  const text = `${"lorem ipsum ".repeat(20)}QUOTE${" dolor sit".repeat(20)}`;
  const { prefix, suffix } = quoteSelector({ quote: "QUOTE", span: [240, 245] }, undefined, text);
  expect(prefix).toMatch(/^(?:lorem|ipsum) .* $/);
  expect(suffix).toMatch(/^ dolor .*$/);
  expect(prefix.length).toBeLessThanOrEqual(64);
  const pairs = `${"𝄞".repeat(40)}Q${"𝄞".repeat(40)}`;
  const cut = quoteSelector({ quote: "Q", span: [80, 81] }, undefined, `x${pairs}`.slice(1));
  expect(cut.prefix.isWellFormed() && cut.suffix.isWellFormed()).toBe(true);
});
