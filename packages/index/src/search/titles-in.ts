import type { Mention } from "@clew/core";
import { opensMention, wordTokens } from "@clew/core/text";
import type { LinkGraph } from "../links/link-graph.js";
import { wordHash } from "../links/name-hash.js";
import { opens } from "../links/passage-names.js";
import { findKeys } from "../links/segment-names.js";
import type { Selection } from "../state/selection.js";

/** Titles and headings of chosen passages that a text mentions: the longest match from left to right; longest first, then by place. */
export function titlesIn(text: string, graph: LinkGraph, chosen: Selection): Mention[] {
  const tokens = wordTokens(text);
  const words = Int32Array.from(tokens, ({ term, span }) => wordHash(term) | (opensMention(text, span[0]) ? opens : 0));
  const found = findKeys(words, { has: (key) => graph.bearersOf(key).length > 0 });
  const mentions: Mention[] = [];
  let free = 0;
  for (const [index, { key, place, span }] of found.entries()) {
    // of those that begin at one word, the last is the longest
    if (place < free || found[index + 1]?.place === place) continue;
    free = place + span;
    const [start, end] = [tokens[place]!.span[0], tokens[place + span - 1]!.span[1]];
    const passages = graph
      .bearersOf(key)
      .filter((number) => graph.isChosen(number, chosen))
      .map((number) => graph.id(number));
    if (passages.length > 0)
      mentions.push({ span: [start, end], title: text.slice(start, end), passages: passages.sort() });
  }
  return mentions.sort((a, b) => lengthOf(b) - lengthOf(a) || a.span[0] - b.span[0]);
}

const lengthOf = ({ span: [start, end] }: Mention): number => end - start;
