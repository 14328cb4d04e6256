import { type Passage, passageId, type SourceText } from "@clew/core";
import { contentHash } from "@clew/core/text";
import { spanOf } from "./fit-window.js";

/**
 * One passage of several of a source that follow each other: the text of the source from the first start to the last end,
 * so that quotes from it verify. Its id is a hash of source, span and text; headings are those that all share.
 *
 * @param passages in the order of the source; of one alone it is that one
 */
export function joinPassages(sourceText: SourceText, passages: readonly Passage[]): Passage {
  const [first] = passages;
  if (passages.length === 1) return first!;
  const span = spanOf(passages);
  const text = sourceText.text.slice(...span);
  const pageBreaks = sourceText.pages.filter(({ start }) => start > span[0] && start < span[1]);
  const { context: _context, pageBreaks: _pageBreaks, ...fields } = first!;
  return {
    ...fields,
    id: passageId(contentHash(JSON.stringify(["widened", first!.source, span, text]))),
    span,
    text,
    headings: sharedHeadings(passages),
    ...(pageBreaks.length === 0 ? {} : { pageBreaks }),
  };
}

function sharedHeadings(passages: readonly Passage[]): readonly string[] {
  const [{ headings }, ...others] = passages as readonly [Passage, ...Passage[]];
  const depth = headings.findIndex((heading, level) => others.some((other) => other.headings[level] !== heading));
  return depth < 0 ? headings : headings.slice(0, depth);
}
