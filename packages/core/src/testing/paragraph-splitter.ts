import type { Passage } from "../source/passage.js";
import { passageId } from "../source/passage-id.js";
import type { SourceText } from "../source/source-text.js";
import type { Splitter } from "../source/splitter.js";
import { contentHash } from "../text/content-hash.js";

/**
 * A passage for every paragraph (what stands between blank lines), whatever its length; lines that are headings are
 * left out of passages. For tests: cuts can be seen with the naked eye.
 */
export const paragraphSplitter = (): Splitter => ({
  fingerprint: "paragraphs@1",
  split: (sourceText) => {
    const { source, text, pages } = sourceText;
    const seen = new Map<string, number>();
    return paragraphs(sourceText).map(([start, end], ordinal): Passage => {
      const body = text.slice(start, end);
      const twin = seen.get(body) ?? 0;
      seen.set(body, twin + 1);
      return {
        id: passageId(contentHash(JSON.stringify([source.id, body, twin]))),
        source: source.id,
        ordinal,
        span: [start, end],
        text: body,
        title: source.title,
        headings: headingsAbove(sourceText, start),
        page: pages.findLast((page) => page.start <= start)?.page,
        line: text.slice(0, start).split("\n").length,
        uri: source.uri,
        metadata: source.metadata,
        access: source.access,
      };
    });
  },
});

function paragraphs({ text, headings }: SourceText): [number, number][] {
  const cuts = [0, ...headings.flatMap(({ span }) => span), text.length];
  const found: [number, number][] = [];
  for (let piece = 0; piece < cuts.length; piece += 2) {
    const [from, to] = [cuts[piece]!, cuts[piece + 1]!];
    for (const { 0: body, index } of text.slice(from, to).matchAll(/\S(?:[^\n]|\n(?!\s*\n))*/g)) {
      found.push([from + index, from + index + body.trimEnd().length]);
    }
  }
  return found;
}

function headingsAbove({ headings }: SourceText, start: number): string[] {
  const path: { level: number; text: string }[] = [];
  for (const { level, text, span } of headings) {
    if (span[0] > start) break;
    while (path.length > 0 && path.at(-1)!.level >= level) path.pop();
    path.push({ level, text });
  }
  return path.map(({ text }) => text);
}
