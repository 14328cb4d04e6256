import {
  checkKeys,
  compareHits,
  defineRetriever,
  type Filter,
  filterRecord,
  type Hit,
  type IndexView,
  invalidOption,
  matchesFilter,
  type Note,
  note,
  noUsage,
  type Passage,
  positiveInteger,
  type Retriever,
  type Snapshot,
  type SourceText,
} from "@clew/core";
import { checkScope } from "../legs/check-scope.js";
import { mergeResults } from "../legs/merge-results.js";
import { joinPassages } from "./join-passages.js";
import { type MergedWindow, mergeWindows, type Surrounded } from "./merge-windows.js";

/** Options of {@link widened}. */
export interface WidenedOptions {
  /** Where the passages around the hits are; of the retriever's scope. */
  view: IndexView;
  /** One passage on either side, all in a row under the same headings, or the page. @default "neighbours" */
  unit?: "neighbours" | "section" | "page" | undefined;
  /** UTF-16 code units of a widened passage at most; a hit of its own is never cut. @default 4000 */
  maxCharacters?: number | undefined;
  /** Hits of the first stage that are widened; merging makes them fewer. @default twice the hits asked for */
  depth?: number | undefined;
  /** Hits when a search names no `k`. @default the first stage's */
  k?: number | undefined;
}

/**
 * Finds small passages and returns what stands around them. A widened passage is one span of its source, so quotes from
 * it verify; it has an id, a first line, page breaks and headings of its own, and matches the filter of the search in
 * all its parts. Hits whose spans overlap become one, with the best score; `explain` names them.
 *
 * @throws ClewError `invalid-option`
 */
export function widened(retriever: Retriever, options: WidenedOptions): Retriever {
  checkKeys("widened", options, ["view", "unit", "maxCharacters", "depth", "k"] satisfies (keyof WidenedOptions)[]);
  const { view, unit = "neighbours", maxCharacters = 4_000, depth, k } = options;
  checkScope("widened", retriever, view);
  if (!["neighbours", "section", "page"].includes(unit)) {
    throw invalidOption("unit", '"neighbours", "section" or "page"', unit);
  }
  positiveInteger("maxCharacters", maxCharacters);
  if (depth !== undefined) positiveInteger("depth", depth);
  return defineRetriever(
    "widened",
    async (query, asked) => {
      const { filter, signal } = asked;
      const first = await retriever.search(query, { ...asked, k: Math.max(depth ?? 2 * asked.k, asked.k) });
      return view.read(
        async (snapshot) => {
          const known: Surrounded[] = [];
          const gone: Hit[] = [];
          for (const hit of first.hits) {
            signal?.throwIfAborted();
            const around = matching(await snapshot.around(hit.passage.id, unit), hit, filter);
            if (around.length > 0) known.push({ hit, around });
            else gone.push(hit);
          }
          const windows = mergeWindows(known, maxCharacters);
          const texts = await textsOf(snapshot, windows);
          const hits = [...windows.map((window) => widenedHit(window, texts.get(window.source)!, unit)), ...gone];
          const result = { hits: [], notes: notesOf(windows, gone, unit, maxCharacters), usage: noUsage };
          return {
            ...mergeResults([first, { ...result, generation: snapshot.generation }]),
            hits: ranked(hits, first.hits).slice(0, asked.k),
          };
        },
        { signal },
      );
    },
    { scope: retriever.scope, k },
  );
}

/** Those in a row around the hit that match; none where the index does not have it any more. */
function matching(around: readonly Passage[], { passage }: Hit, filter: Filter | undefined): readonly Passage[] {
  const middle = around.findIndex(({ id }) => id === passage.id);
  if (middle < 0 || filter === undefined) return middle < 0 ? [] : around;
  const fits = (index: number): boolean => index === middle || matchesFilter(filter, filterRecord(around[index]!));
  let [first, last] = [middle, middle];
  while (first > 0 && fits(first - 1)) first--;
  while (last < around.length - 1 && fits(last + 1)) last++;
  return around.slice(first, last + 1);
}

async function textsOf(snapshot: Snapshot, windows: readonly MergedWindow[]): Promise<Map<string, SourceText>> {
  const texts = new Map<string, SourceText>();
  for (const source of new Set(windows.map((window) => window.source))) {
    texts.set(source, (await snapshot.sourceText(source))!);
  }
  return texts;
}

function widenedHit({ passages, hits }: MergedWindow, text: SourceText, unit: string): Hit {
  const [best, ...others] = hits as [Hit, ...Hit[]];
  const passage = joinPassages(text, passages);
  if (passage.id === best.passage.id) return best;
  const merged = others.map((hit) => hit.passage.id).join(", ");
  return {
    passage,
    score: hits.reduce((most, { score }) => Math.max(most, score), best.score),
    explain: {
      kind: "other",
      name: "widened",
      detail: { unit, passages: passages.length, hit: best.passage.id, ...(merged === "" ? {} : { merged }) },
      before: best.explain,
    },
  };
}

/** In the order of `compareHits` where the first stage was, and else in the order of the best hit of each. */
function ranked(hits: readonly Hit[], before: readonly Hit[]): readonly Hit[] {
  const isOrdered = before.every((hit, index) => index === 0 || compareHits(before[index - 1]!, hit) < 0);
  return isOrdered ? [...hits].sort(compareHits) : hits;
}

function notesOf(windows: readonly MergedWindow[], gone: readonly Hit[], unit: string, limit: number): Note[] {
  const cut = windows.filter(({ isCut }) => isCut).length;
  const notes: Note[] = [];
  if (cut > 0) {
    const message = `${cut} hits were not widened to all of their ${unit}: a passage may have ${limit} characters.`;
    notes.push(note("cut", message, { cut, maxCharacters: limit }));
  }
  if (gone.length > 0) {
    const message = `${gone.length} hits are not in the index (any more) and stand as they were found.`;
    notes.push(note("passage-unknown", message, { hits: gone.length }));
  }
  return notes;
}
