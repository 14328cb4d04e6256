import type { Edge, Passage, PassageId } from "@clew/core";
import { type Analyzer, findMentions, titleKeys } from "@clew/core/text";
import { pacer } from "../state/pacer.js";
import type { TitleTable } from "./titles-in.js";
import type { RowPlace, ViewState } from "./view-state.js";

/** A key that more passages bear names too many things. */
const mostBearers = 10;
/** A title that more passages mention leads everywhere. */
const mostMentions = 100;

/** Options of {@link linksOf}. */
export interface LinksOfOptions {
  view: ViewState;
  analyzer: Analyzer;
  passageOf: (place: RowPlace) => Passage;
  table: TitleTable;
  /** Called after a pause. @throws when the snapshot has ended */
  resume: () => void;
  signal: AbortSignal | undefined;
}

/**
 * Title edges that start or end at these passages: from a passage whose text mentions a visible title (see
 * `findMentions`) to the passages of the source that bears it. Titles on more than 10 passages and titles that more
 * than 100 passages mention make no edges. What mentions a title is found through the postings of its words.
 */
export async function linksOf(ids: readonly PassageId[], options: LinksOfOptions): Promise<Edge[]> {
  const { view, passageOf, table, resume, signal } = options;
  const pace = pacer(signal);
  const edges = new Map<string, Edge>();
  const mentionsOf = new Map<PassageId, ReturnType<typeof findMentions>>();
  const mentions = (passage: Passage): ReturnType<typeof findMentions> => {
    const found = mentionsOf.get(passage.id) ?? findMentions(passage.text, table);
    mentionsOf.set(passage.id, found);
    return found;
  };
  const bearersOf = (key: string): PassageId[] => {
    const bearers = (table.get(key) ?? []).flatMap((hash) => {
      const { segment, first, record } = view.state.sources.get(hash)!;
      return segment === undefined ? [] : segment.ids.slice(first, first + record.passages);
    });
    return bearers.length > mostBearers ? [] : bearers;
  };
  const sourceAt = ({ segment, row }: RowPlace): string => {
    const { sources, owners } = view.state.segments[segment]!.segment;
    return sources[owners[row]!]!;
  };
  const mentioning = new Map<string, Passage[]>();
  const passagesMentioning = async (key: string): Promise<readonly Passage[]> => {
    const known = mentioning.get(key);
    if (known !== undefined) return known;
    const found: Passage[] = [];
    for (const place of rowsWithAll(view, options.analyzer.terms(key))) {
      const passage = passageOf(place);
      if (mentions(passage).some((mention) => mention.key === key)) found.push(passage);
      if (found.length > mostMentions) break;
      const pause = pace.pace();
      if (pause !== undefined) {
        await pause;
        resume();
      }
    }
    const kept = found.length > mostMentions ? [] : found;
    mentioning.set(key, kept);
    return kept;
  };
  const add = (from: Passage, to: PassageId, words: string): void => {
    const target = view.place(to);
    if (target === undefined || from.id === to) return;
    if (sourceAt(target) === sourceAt(view.place(from.id)!)) return;
    const name = `${from.id} ${to}`;
    if (!edges.has(name)) edges.set(name, { from: from.id, to, kind: "title", weight: 1, words });
  };

  for (const id of ids) {
    const place = view.place(id);
    if (place === undefined) continue;
    const passage = passageOf(place);
    for (const { key, span } of mentions(passage)) {
      const reached = bearersOf(key);
      if (reached.length === 0 || !(await passagesMentioning(key)).some((from) => from.id === passage.id)) continue;
      for (const to of reached) add(passage, to, passage.text.slice(...span));
    }
    for (const key of titleKeys(passage.title)) {
      if (!bearersOf(key).includes(id)) continue;
      for (const from of await passagesMentioning(key)) {
        const mention = mentions(from).find((found) => found.key === key)!;
        add(from, id, from.text.slice(...mention.span));
      }
    }
  }
  return [...edges.values()].sort((a, b) => order(a.from, b.from) || order(a.to, b.to));
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Visible rows that hold all the terms, found from the rarest. */
function* rowsWithAll(view: ViewState, terms: readonly string[]): Generator<RowPlace> {
  const distinct = [...new Set(terms)];
  if (distinct.length === 0) return;
  for (const [segment, { segment: rowsOf }] of view.state.segments.entries()) {
    const { terms: numbers, starts, rows } = rowsOf.postings;
    const counted = distinct.map((term) => {
      const number = numbers.get(term);
      return {
        term,
        from: number === undefined ? 0 : starts[number]!,
        to: number === undefined ? 0 : starts[number + 1]!,
      };
    });
    counted.sort((a, b) => a.to - a.from - (b.to - b.from));
    const [rarest, ...others] = counted;
    for (let i = rarest!.from; i < rarest!.to; i++) {
      const row = rows[i]!;
      if (view.visible.masks[segment]![row] !== 1) continue;
      if (others.every(({ term }) => view.bm25.frequency(term, segment, row) > 0)) yield { segment, row };
    }
  }
}
