import type { Edge, Mention } from "../../index/snapshot.js";
import type { Passage } from "../../source/passage.js";
import type { PassageId } from "../../source/passage-id.js";

/** Titles of these passages that stand in the text as whole words, case ignored; longest first, no overlap. */
export function titleMentions(text: string, passages: readonly Passage[]): Mention[] {
  const bearers = new Map<string, { title: string; passages: PassageId[] }>();
  for (const { id, title } of passages) {
    const key = title.trim().toLowerCase();
    if (key === "") continue;
    const known = bearers.get(key) ?? { title, passages: [] };
    known.passages.push(id);
    bearers.set(key, known);
  }
  const mentions: Mention[] = [];
  const lower = text.toLowerCase();
  for (const [key, { title, passages }] of [...bearers].sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1))) {
    for (let at = lower.indexOf(key); at >= 0; at = lower.indexOf(key, at + 1)) {
      const end = at + key.length;
      const whole = !wordAt(lower, at - 1) && !wordAt(lower, end);
      const free = mentions.every(({ span }) => span[1] <= at || end <= span[0]);
      if (whole && free) mentions.push({ span: [at, end], title, passages: [...passages].sort() });
    }
  }
  return mentions;
}

/** An edge from each passage to every passage of another source whose title it mentions. */
export function titleEdges(passages: readonly Passage[]): Edge[] {
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  return passages.flatMap((from) => {
    const linked = new Map<PassageId, Edge>();
    for (const { span, passages: bearers } of titleMentions(from.text, passages)) {
      for (const to of bearers) {
        if (byId.get(to)!.source === from.source || linked.has(to)) continue;
        linked.set(to, { from: from.id, to, kind: "title", weight: 1, words: from.text.slice(...span) });
      }
    }
    return [...linked.values()];
  });
}

const wordAt = (text: string, index: number): boolean => /[\p{L}\p{N}]/u.test(text[index] ?? "");
