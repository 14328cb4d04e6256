import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Passage } from "../source/passage.js";
import type { Heading, SourceText } from "../source/source-text.js";
import { estimateTokens } from "./estimate-tokens.js";
import { splitter } from "./splitter.js";

const sourceText = (text: string, more: Partial<SourceText> = {}): SourceText => ({
  source: { id: "s", title: "T", mediaType: "text/plain", version: "1", metadata: { year: 2024 } },
  text,
  pages: [],
  headings: [],
  ...more,
});

const markdown = (text: string): SourceText => {
  const headings: Heading[] = Array.from(text.matchAll(/^(#+) (.*)$/gm), ({ 0: line, 1: marks, 2: title, index }) => ({
    level: marks!.length,
    text: title!,
    span: [index, index + line.length],
  }));
  return sourceText(text, { headings });
};

const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;
const texts = (passages: readonly Passage[]): string[] => passages.map(({ text }) => text);

/** What every split must hold, whatever the text. */
function check(given: SourceText, passages: readonly Passage[]): void {
  let covered = 0;
  let lastStart = 0;
  expect(new Set(passages.map(({ id }) => id)).size).toBe(passages.length);
  for (const [ordinal, passage] of passages.entries()) {
    const [start, end] = passage.span;
    expect(passage.ordinal).toBe(ordinal);
    expect(passage.text).toBe(given.text.slice(start, end));
    expect(passage.text).toBe(passage.text.trim());
    expect(start).toBeGreaterThanOrEqual(lastStart);
    expect(given.text.slice(covered, Math.max(covered, start)).trim()).toBe("");
    expect(end).toBeGreaterThan(covered);
    covered = end;
    lastStart = start;
  }
  expect(given.text.slice(covered).trim()).toBe("");
}

describe("splitter", () => {
  it("cuts at headings and keeps their path, page, line and the source's fields", () => {
    const given = {
      ...markdown("# Book\n\n## One\n\nFirst words.\n\n## Two\n\nOther words."),
      pages: [
        { page: 1, start: 0 },
        { page: 2, start: 30 },
      ],
    };
    const passages = splitter().split(given);
    check(given, passages);
    expect(passages).toMatchObject([
      {
        text: "# Book\n\n## One\n\nFirst words.",
        headings: ["Book", "One"],
        page: 1,
        line: 1,
        span: [0, 28],
        title: "T",
      },
      {
        text: "## Two\n\nOther words.",
        headings: ["Book", "Two"],
        page: 2,
        line: 7,
        metadata: { year: 2024 },
        source: "s",
      },
    ]);
  });

  it("gives nothing for white space", () => {
    expect(splitter().split(sourceText(" \n\n"))).toEqual([]);
    expect(splitter().split(sourceText(""))).toEqual([]);
  });

  it("D9: gives each occurrence of a repeated text its own offset, the first at 0", () => {
    const text = Array.from({ length: 5 }, () => "# Same\n\nThe same words.").join("\n\n");
    const passages = splitter().split(markdown(text));
    check(markdown(text), passages);
    expect(passages.map(({ span }) => span[0])).toEqual([0, 25, 50, 75, 100]);
  });

  it("repeats whole sentences up to the overlap", () => {
    const text = Array.from({ length: 60 }, (_, i) => `Sentence number ${i} has seven words.`).join(" ");
    const passages = splitter({ tokens: 50, overlap: 14, countTokens: words, tokenizer: "words" }).split(
      sourceText(text),
    );
    check(sourceText(text), passages);
    expect(passages.length).toBeGreaterThan(8);
    for (const [index, { span, text: quoted }] of passages.entries()) {
      expect(quoted).toMatch(/^Sentence/);
      expect(words(quoted)).toBeLessThanOrEqual(50);
      const shared = Math.max(0, (passages[index - 1]?.span[1] ?? 0) - span[0]);
      expect(words(text.slice(span[0], span[0] + shared))).toBeLessThanOrEqual(14);
      expect(index > 0 && shared === 0 && words(quoted) <= 43).toBe(false);
    }
    const without = splitter({ tokens: 50, overlap: 0, countTokens: words, tokenizer: "words" }).split(
      sourceText(text),
    );
    expect(without.every(({ span }, i) => span[0] >= (without[i - 1]?.span[1] ?? 0))).toBe(true);
  });

  it("keeps tables and code whole where they fit, else cuts between lines", () => {
    const row = (i: number): string => `| row ${i} | ${"cell ".repeat(5)}|`;
    const table = (rows: number): string => Array.from({ length: rows }, (_, i) => row(i)).join("\n");
    const code = "```\nlet a = 1;\n\nlet b = 2;\n```";
    const given = sourceText(`Before it.\n\n${table(10)}\n\nBetween.\n\n${code}\n\n${table(60)}\n\nAfter it.`);
    const passages = splitter({ overlap: 0 }).split(given);
    check(given, passages);
    expect(texts(passages).filter((text) => text.includes(table(10)))).not.toEqual([]);
    expect(texts(passages).filter((text) => text.includes(code))).not.toEqual([]);
    const lines = new Set(given.text.split("\n"));
    for (const text of texts(passages)) for (const line of text.split("\n")) expect(lines).toContain(line);
  });

  it("keeps the blocks that the reader marks whole", () => {
    const record = "name: a\n\nvalue: b. Then more.";
    const before = "Some words before. ".repeat(30);
    const given = sourceText(`${before}\n${record}\nSome words after.`, {
      blocks: [[before.length + 1, before.length + 1 + record.length]],
    });
    expect(texts(splitter({ overlap: 0 }).split(given)).some((text) => text.includes(record))).toBe(true);
  });

  it("keeps the ids below when a paragraph is inserted above, its own copies included", () => {
    const below = Array.from({ length: 20 }, (_, i) => `Paragraph ${i} ${"word ".repeat(60)}.`);
    const before = splitter().split(sourceText(below.join("\n\n")));
    const after = splitter().split(sourceText(["Something new entirely.", ...below].join("\n\n")));
    expect(after.slice(-18).map(({ id }) => id)).toEqual(before.slice(-18).map(({ id }) => id));
  });

  it("tells by the fingerprint what moves the cuts, and refuses what makes no sense", () => {
    const prints = [
      splitter(),
      splitter({ tokens: 100 }),
      splitter({ overlap: 0 }),
      splitter({ countTokens: words, tokenizer: "words" }),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(4);
    for (const options of [
      { tokens: 0 },
      { overlap: 200 },
      { overlap: -1 },
      { countTokens: words },
      { tokenizer: "x" },
    ]) {
      expect(() => splitter(options)).toThrow(expect.objectContaining({ code: "invalid-option" }));
    }
  });
});

describe("splitter, for any text", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "Same words here. ",
      "\n\n",
      "\r\n\r\n",
      "\r\n",
      "\n",
      "| a | b |\n",
      "```\n",
      "# H\n",
      "   ",
      "😀",
      "e\u0301\u0302",
      "東京。",
    ),
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.string({ unit: "binary", maxLength: 10 }),
    fc.lorem({ maxCount: 20 }),
  );
  const anyText = fc
    .tuple(fc.array(piece, { maxLength: 60 }), fc.constantFrom(1, 1, 20))
    .map(([pieces, times]) => pieces.join("").repeat(times));
  const counters = { estimate: estimateTokens, words, characters: (text: string) => [...text].length };

  it("covers it in order, exactly, within the maximum", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.integer({ min: 12, max: 60 }),
        fc.constantFrom(...Object.keys(counters)),
        (text, tokens, name) => {
          const countTokens = counters[name as keyof typeof counters];
          const given = markdown(text);
          const made = splitter({
            tokens,
            overlap: 10,
            countTokens,
            ...(name === "estimate" ? {} : { tokenizer: name }),
          });
          const passages = made.split(given);
          check(given, passages);
          for (const { span, text: quoted } of passages) {
            expect(countTokens(quoted)).toBeLessThanOrEqual(tokens);
            expect(/^[\udc00-\udfff]/.test(quoted) && /[\ud800-\udbff]$/.test(text.slice(0, span[0]))).toBe(false);
          }
          expect(made.split(given)).toEqual(passages);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("cuts no combining sequence of a text without white space", () => {
    const text = "e\u0301\u0302".repeat(900);
    const passages = splitter({ tokens: 20, overlap: 0, countTokens: (t) => t.length, tokenizer: "units" }).split(
      sourceText(text),
    );
    check(sourceText(text), passages);
    for (const { text: quoted } of passages) expect(quoted).toMatch(/^(?:e\u0301\u0302)+$/);
  });

  it("counts each character about once", () => {
    const text = Array.from(
      { length: 200 },
      (_, i) => `Paragraph ${i} goes on. ${"It has words. ".repeat(i % 30)}`,
    ).join("\n\n");
    let counted = 0;
    const countTokens = (piece: string): number => {
      counted += piece.length;
      return estimateTokens(piece);
    };
    splitter({ countTokens, tokenizer: "counting" }).split(sourceText(text));
    expect(counted).toBeLessThanOrEqual(text.length);
  });
});

describe("splitter, after an edit of one of 100 paragraphs without headings", () => {
  const edits = {
    replace: (all: readonly string[], at: number, by: string) => all.with(at, by),
    insert: (all: readonly string[], at: number, by: string) => all.toSpliced(at, 0, by),
    remove: (all: readonly string[], at: number) => all.toSpliced(at, 1),
    append: (all: readonly string[], at: number, by: string) => all.with(at, `${all[at]} ${by.split(". ")[0]}`),
    change: (all: readonly string[], at: number) => all.with(at, all[at]!.replace("e", "E")),
  };
  /** Paragraphs of up to 150 tokens, words drawn by a linear congruential generator. */
  const paragraphsFrom = (seed: number, count: number, longest: number): string[] => {
    let state = seed;
    const draw = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const word = (): string => String.fromCharCode(...Array.from({ length: 1 + draw(6) }, () => 97 + draw(26)));
    const sentence = (): string => `The ${Array.from({ length: 2 + draw(20) }, word).join(" ")}.`;
    return Array.from({ length: count }, () => Array.from({ length: 1 + draw(longest) }, sentence).join(" "));
  };
  const split = (paragraphs: readonly string[]): Passage[] => splitter().split(sourceText(paragraphs.join("\n\n")));

  it("changes at most three passages, overlap included", () => {
    const edit = fc.constantFrom(...Object.values(edits));
    fc.assert(
      fc.property(fc.nat(), fc.nat(99), fc.integer({ min: 1, max: 6 }), edit, (seed, at, longest, change) => {
        const paragraphs = paragraphsFrom(seed, 101, longest);
        const before = paragraphs.slice(0, 100);
        const known = new Set(split(before).map(({ id }) => id));
        const fresh = split(change(before, at, paragraphs[100]!)).filter(({ id }) => !known.has(id));
        expect(fresh.length).toBeLessThanOrEqual(3);
      }),
      { numRuns: 150 },
    );
  });

  it("changes no text where all paragraphs are alike", () => {
    const before = Array.from({ length: 100 }, () => "The same few words again.");
    const known = new Set(texts(split(before)));
    const fresh = texts(split(before.with(50, "Others."))).filter((text) => !known.has(text));
    expect(new Set(fresh).size).toBeLessThanOrEqual(3);
  });
});
