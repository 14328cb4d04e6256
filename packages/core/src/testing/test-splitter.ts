import { describe, expect, it } from "vitest";
import type { Passage } from "../source/passage.js";
import type { SourceText } from "../source/source-text.js";
import type { Splitter } from "../source/splitter.js";
import { aSourceText } from "./a-source.js";
import { dice } from "./index-suite/random-corpus.js";

/** Options of {@link testSplitter}. */
export interface TestSplitterOptions {
  make: () => Splitter | Promise<Splitter>;
  /** Whether every character but white space and headings is in some passage. @default true */
  covers?: boolean | undefined;
}

const pieces = [
  "thread",
  "clew",
  "🧵",
  "👩‍👩‍👧",
  "é",
  "東京",
  "A.",
  "1,575",
  "“quoted”",
  "ﬁ",
  "\t",
  "—",
  "x".repeat(40),
];

/** The contract of a {@link Splitter}, as tests: spans are exact, whatever the text. */
export function testSplitter({ make, covers = true }: TestSplitterOptions): void {
  const split = async (text: SourceText): Promise<readonly Passage[]> => (await make()).split(text);

  const check = async (sourceText: SourceText, where = ""): Promise<readonly Passage[]> => {
    const { text, source, pages, headings } = sourceText;
    const passages = await split(sourceText);
    expect(new Set(passages.map(({ id }) => id)).size, where).toBe(passages.length);
    const covered = new Uint8Array(text.length);
    for (const [index, passage] of passages.entries()) {
      const { span, ordinal, line } = passage;
      const [start, end] = span;
      expect(text.slice(start, end), where).toBe(passage.text);
      expect(passage.text.trim(), where).not.toBe("");
      expect(passage.text.isWellFormed(), where).toBe(true);
      expect(ordinal, where).toBe(index);
      if (index > 0) expect(start, where).toBeGreaterThanOrEqual(passages[index - 1]!.span[0]);
      expect(line, where).toBe(text.slice(0, start).split("\n").length);
      expect(passage.page, where).toBe(pages.findLast((page) => page.start <= start)?.page);
      const { title, id, uri, metadata, access } = source;
      expect(passage, where).toMatchObject({ title, source: id, metadata });
      expect([passage.uri, passage.access], where).toEqual([uri, access]);
      covered.fill(1, start, end);
    }
    for (const { span } of headings) covered.fill(1, ...span);
    const missed = covers ? [...covered.keys()].filter((at) => covered[at] === 0 && !/\s/.test(text[at]!)) : [];
    expect(missed, where).toEqual([]);
    return passages;
  };

  describe("splitter contract", () => {
    it("has a fingerprint", async () => expect((await make()).fingerprint).not.toBe(""));

    it("makes no passage of a text that is empty or blank", async () => {
      for (const text of ["", " ", "\n\n \t\n"]) expect(await split(aSourceText({ text }))).toEqual([]);
    });

    it("D9: each occurrence of a repeated text has its own offset; offset 0 survives", async () => {
      const text = Array.from({ length: 30 }, () => "The same paragraph, again and again.").join("\n\n");
      const passages = await check(aSourceText({ text }));
      expect(passages[0]!.span[0]).toBe(0);
      expect(new Set(passages.map(({ span }) => span[0])).size).toBe(passages.length);
    });

    it("keeps spans exact in any text (random Unicode, pages, headings)", async () => {
      for (let seed = 1; seed <= 30; seed++) {
        const { number, pick, chance } = dice(seed);
        const paragraph = (): string =>
          Array.from({ length: 1 + number(60) }, () => pick(pieces)).join(chance(0.9) ? " " : "");
        const parts = Array.from({ length: 1 + number(12) }, () => (chance(0.2) ? "# Part" : paragraph()));
        const { text } = aSourceText({ text: parts.join(pick(["\n", "\n\n", "\r\n\r\n", "\n \n"])) });
        const headings = [...text.matchAll(/^# Part$/gm)].map(({ index }) => ({
          level: 1,
          text: "Part",
          span: [index, index + 6] as const,
        }));
        const pages = [0, 0.4, 0.7].map((share, page) => ({ page: page + 1, start: Math.floor(text.length * share) }));
        await check(
          aSourceText({ text, headings, pages, title: "Title", uri: "file:///a", access: ["amy"] }),
          `seed ${seed}`,
        );
      }
    });

    it("cuts the same text the same way", async () => {
      const text = aSourceText({ text: "One.\n\nTwo. ".repeat(200) });
      expect(await split(text)).toEqual(await split(text));
    });

    it("gives passages of another source other ids", async () => {
      const [one, two] = [await split(aSourceText({ id: "a" })), await split(aSourceText({ id: "b" }))];
      expect(one[0]!.id).not.toBe(two[0]!.id);
    });
  });
}
