import type { Edge, Mention } from "../../index/snapshot.js";
import type { Passage } from "../../source/passage.js";
import type { PassageId } from "../../source/passage-id.js";
import { findMentions } from "../../text/find-mentions.js";
import { titleKeys } from "../../text/title-keys.js";

/** Titles of these passages that the text mentions; the longest first, then in the order of the text. */
export function titleMentions(text: string, passages: readonly Passage[]): Mention[] {
  const bearers = new Map<string, Passage[]>();
  for (const passage of passages) {
    for (const key of titleKeys(passage.title)) bearers.set(key, [...(bearers.get(key) ?? []), passage]);
  }
  const lengthOf = ({ span: [start, end] }: Pick<Mention, "span">): number => end - start;
  return findMentions(text, bearers)
    .map(({ key, span }): Mention => {
      const found = bearers.get(key)!;
      return { span, title: found[0]!.title, passages: found.map(({ id }) => id).sort() };
    })
    .sort((a, b) => lengthOf(b) - lengthOf(a) || a.span[0] - b.span[0]);
}

/** An edge from each passage to every passage of another source whose title it mentions, once. */
export function titleEdges(passages: readonly Passage[]): Edge[] {
  const sourceOf = new Map(passages.map(({ id, source }) => [id, source]));
  return passages.flatMap((from) => {
    const linked = new Map<PassageId, Edge>();
    for (const { span, passages: bearers } of titleMentions(from.text, passages)) {
      for (const to of bearers) {
        if (sourceOf.get(to) === from.source || linked.has(to)) continue;
        linked.set(to, { from: from.id, to, kind: "title", weight: 1, words: from.text.slice(...span) });
      }
    }
    return [...linked.values()];
  });
}
