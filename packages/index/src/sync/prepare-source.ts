import {
  type Call,
  ClewError,
  type Note,
  note,
  type Passage,
  type ReadableSource,
  raceSignal,
  type SourceText,
  type Splitter,
  type Usage,
} from "@clew/core";
import type { Analyzer } from "@clew/core/text";
import type { MetadataSchema } from "../metadata-schema.js";
import { checkMetadata } from "../metadata-schema.js";
import { analysePassages, type SourceRows } from "../segment/source-rows.js";
import { pacer } from "../state/pacer.js";
import { runPaced } from "../state/run-paced.js";

/** A source read, cut and analysed: all but its vectors. */
export interface PreparedSource {
  readonly id: string;
  readonly version: string;
  readonly text: SourceText;
  readonly passages: readonly Passage[];
  readonly rows: SourceRows;
  readonly notes: readonly Note[];
}

/** Options of {@link prepareSource}. */
export interface PrepareOptions {
  splitter: Splitter;
  analyzer: Analyzer;
  metadata: MetadataSchema | undefined;
  tenant: string;
  dryRun: boolean;
  signal: AbortSignal | undefined;
  call: Call | undefined;
  /** Hears what the splitter spent, of a source that fails too. */
  onUsage: (usage: Usage) => void;
}

/** Reads, splits and analyses one source; a failure is a note. @throws the signal's reason when it is aborted */
export async function prepareSource(
  item: ReadableSource,
  { splitter, analyzer, metadata, tenant, dryRun, signal, call, onUsage }: PrepareOptions,
): Promise<PreparedSource | { readonly failed: Note }> {
  try {
    const { text: read, notes: readNotes } = await raceSignal(item.read({ signal }), signal);
    const notes = [...readNotes];
    if (read.source.id !== item.id) {
      throw new ClewError("unreadable-source", `Reading source "${item.id}" gave the source "${read.source.id}".`);
    }
    const text = { ...read, source: { ...read.source, metadata: checkMetadata(read.source.metadata, metadata) } };
    const cut = splitter.split(text, { tenant, dryRun, signal, call, onNote: (one) => notes.push(one), onUsage });
    const passages = await raceSignal(Promise.resolve(cut), signal);
    checkPassages(text, passages, splitter.fingerprint);
    const rows = await runPaced(analysePassages(passages, analyzer), pacer(signal));
    return { id: item.id, version: item.version, text, passages, rows, notes };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      failed: note("source-failed", error instanceof Error ? error.message : String(error), { source: item.id }),
    };
  }
}

/** A splitter's promise: spans that are the text, ordinals in order, ids that differ. */
function checkPassages({ source, text }: SourceText, passages: readonly Passage[], splitter: string): void {
  const ids = new Set<string>();
  for (const [index, passage] of passages.entries()) {
    const wrong =
      passage.source !== source.id ||
      passage.ordinal !== index ||
      passage.text !== text.slice(...passage.span) ||
      ids.has(passage.id);
    if (wrong) {
      throw new ClewError(
        "unreadable-source",
        `Splitter "${splitter}" cut "${source.id}" wrongly at passage ${index}: its text must be the source's at its span, its ordinal ${index}, its id its own.`,
      );
    }
    ids.add(passage.id);
  }
}
