import { addUsage, type Call, ClewError, type Note, note, noUsage, type Splitter, sleep, type Usage } from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import type { LivePassages } from "./live-hits.js";
import { matchPassages } from "./match-passages.js";
import type { RankedSource } from "./select-results.js";

/** Options of {@link cutResults}. */
export interface CutResultsOptions {
  readonly origin: string;
  readonly query: string;
  readonly splitter: Splitter;
  readonly analyzer: Analyzer;
  /** Passages of one result at most. */
  readonly perResult: number;
  readonly signal: AbortSignal | undefined;
  readonly call: Call | undefined;
}

/** Characters cut or analysed before other work may run. */
const charactersAtOnce = 40_000;

/**
 * Cuts frozen results into passages and keeps of each those that match the query best. Lets other work run in between.
 *
 * @throws the signal's reason; ClewError `retriever-failed` for a splitter whose spans are not true
 */
export async function cutResults(
  sources: readonly RankedSource[],
  { origin, query, splitter, analyzer, perResult, signal, call }: CutResultsOptions,
): Promise<{ readonly found: readonly LivePassages[]; readonly notes: readonly Note[]; readonly usage: Usage }> {
  const notes: Note[] = [];
  let usage = noUsage;
  const found: LivePassages[] = [];
  let left = 0;
  let worked = 0;
  const pace = async (characters: number): Promise<void> => {
    worked += characters;
    if (worked < charactersAtOnce) return;
    worked = 0;
    await sleep(0, signal);
  };
  for (const { frozen, result, given } of sources) {
    const { text } = frozen.text;
    const passages = await splitter.split(frozen.text, {
      tenant: call?.scope.tenant,
      signal,
      call,
      onNote: (one) => notes.push(one),
      onUsage: (spent) => {
        usage = addUsage(usage, spent);
      },
    });
    if (passages.some((passage) => passage.text !== text.slice(...passage.span))) {
      throw new ClewError(
        "retriever-failed",
        `The splitter "${splitter.fingerprint}" of the live source "${origin}" cut wrongly: a passage's text must be its source's at its span.`,
      );
    }
    await pace(text.length);
    const matching = matchPassages(query, passages, analyzer);
    let step = matching.next();
    for (let at = 0; !step.done; at++) {
      await pace(passages[at]!.text.length);
      step = matching.next();
    }
    const match = step.value;
    const best = [...passages]
      .sort((a, b) => match[b.ordinal]! - match[a.ordinal]! || a.ordinal - b.ordinal)
      .slice(0, perResult);
    left += passages.length - best.length;
    found.push({ result, given, fetchedAt: frozen.fetchedAt, passages: best });
  }
  if (left > 0) {
    const message = `Of long results of "${origin}" the ${perResult} passages that match best were kept; ${left} were left out.`;
    notes.push(note("cut", message, { left, perResult }));
  }
  return { found, notes, usage };
}
