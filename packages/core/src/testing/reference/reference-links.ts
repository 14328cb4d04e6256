import type { Edge, Mention } from "../../index/snapshot.js";
import type { Passage } from "../../source/passage.js";
import type { PassageId } from "../../source/passage-id.js";
import { capitalisedRuns } from "../../text/capitalised-runs.js";
import { findMentions } from "../../text/find-mentions.js";
import { isTellingWord } from "../../text/mention-rules.js";
import { titleKeys } from "../../text/title-keys.js";

const mostPassagesNamed = 10;
const mostBearers = 10;
const mostMentions = 100;
const mostSharing = 10;
/** Divisible by 1 to 9: sums of shares are exact in any order. */
const whole = 2520;

/** Titles and headings of these passages that the text mentions; the longest first, then in the order of the text. */
export function titleMentions(text: string, passages: readonly Passage[]): Mention[] {
  const bearers = bearersByKey(passages);
  const lengthOf = ({ span: [start, end] }: Pick<Mention, "span">): number => end - start;
  return findMentions(text, bearers)
    .map(({ key, span }): Mention => {
      const found = bearers.get(key)!;
      return { span, title: text.slice(...span), passages: found.map(({ id }) => id).sort() };
    })
    .sort((a, b) => lengthOf(b) - lengthOf(a) || a.span[0] - b.span[0]);
}

/** An edge with the words that made it. */
export interface ReferenceEdge extends Edge {
  readonly words: string;
}

/** Every edge among these passages, in the order of `from`, `to` and kind, titles first. */
export function linkEdges(passages: readonly Passage[]): ReferenceEdge[] {
  return [...titleEdges(passages), ...entityEdges(passages)].sort(
    (a, b) => order(a.from, b.from) || order(a.to, b.to) || order(b.kind, a.kind),
  );
}

function titleEdges(passages: readonly Passage[]): ReferenceEdge[] {
  const bearers = bearersByKey(passages);
  const edges = passages.flatMap((from) => {
    const linked = new Map<PassageId, ReferenceEdge>();
    for (const { key, span } of findMentions(from.text, bearers)) {
      for (const to of bearers.get(key)!) {
        if (to.source === from.source || linked.has(to.id)) continue;
        const words = from.text.slice(...span);
        linked.set(to.id, { from: from.id, to: to.id, kind: "title", weight: 1, words });
      }
    }
    return [...linked.values()];
  });
  return edges.filter(({ to }) => edges.filter((other) => other.to === to).length <= mostMentions);
}

function entityEdges(passages: readonly Passage[]): ReferenceEdge[] {
  const names = new Map(
    passages.map((passage) => [passage, [...capitalisedRuns(passage.title), ...capitalisedRuns(passage.text)]]),
  );
  const holders = new Map<string, Passage[]>();
  for (const [passage, runs] of names) {
    for (const key of new Set(runs.map((run) => run.key))) holders.set(key, [...(holders.get(key) ?? []), passage]);
  }
  const edges: ReferenceEdge[] = [];
  for (const one of passages) {
    for (const other of passages) {
      if (one.id >= other.id) continue;
      let weight = 0;
      const shared: { key: string; gain: number }[] = [];
      for (const [key, holding] of holders) {
        if (!holding.includes(one) || !holding.includes(other) || holding.length > mostSharing) continue;
        const gain = whole / (holding.length - 1);
        weight += gain;
        shared.push({ key, gain });
      }
      if (shared.length === 0) continue;
      const rarest = Math.max(...shared.map(({ gain }) => gain));
      const keys = new Set(shared.filter(({ gain }) => gain === rarest).map(({ key }) => key));
      const words = names.get(one)!.find(({ key }) => keys.has(key))!.text;
      edges.push({ from: one.id, to: other.id, kind: "entity", weight: weight / whole, words });
    }
  }
  return edges;
}

/** Who bears each key of a title or heading; keys that more than 10 passages bear are left out. */
function bearersByKey(passages: readonly Passage[]): Map<string, Passage[]> {
  const bearers = new Map<string, Passage[]>();
  const add = (key: string, passage: Passage): void => {
    if (!key.includes(" ") && !isTellingWord(key)) return;
    const known = bearers.get(key) ?? [];
    if (!known.includes(passage)) bearers.set(key, [...known, passage]);
  };
  for (const source of new Set(passages.map((passage) => passage.source))) {
    const own = passages.filter((passage) => passage.source === source).sort((a, b) => a.ordinal - b.ordinal);
    const begun = new Set<string>();
    for (const passage of own) {
      if (own.length <= mostPassagesNamed || passage.ordinal === 0) {
        for (const key of titleKeys(passage.title)) add(key, passage);
      }
      const heading = passage.headings.at(-1) ?? "";
      if (heading !== "" && heading !== passage.title && !begun.has(heading)) {
        for (const key of titleKeys(heading)) add(key, passage);
      }
      begun.add(heading);
    }
  }
  for (const [key, { length }] of bearers) if (length > mostBearers) bearers.delete(key);
  return bearers;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
