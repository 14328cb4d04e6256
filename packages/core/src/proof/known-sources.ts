import type { Citation } from "../evidence/citation.js";
import { type Note, note } from "../run/note.js";
import type { Source, SourceId } from "../source/source.js";
import type { SourceText } from "../source/source-text.js";
import type { ProofSource } from "./proof-json.js";
import { bytesHashOf, hashOfText } from "./source-hash.js";
import { webAddress } from "./source-link.js";

/** What is told of a source: its text, or its record alone. */
export type KnownSource = SourceText | Source;

/** The quoted sources in order of first use, and what is known of each. */
export interface QuotedSources {
  readonly sources: readonly ProofSource[];
  /** Canonical texts by id, of those that hold every quote where it was read. */
  readonly texts: ReadonlyMap<SourceId, string>;
  readonly notes: readonly Note[];
}

/** Describes the sources of citations. What was told of a source whose text is another than was read is left out, with a note. */
export async function quotedSources(
  citations: readonly Citation[],
  told: readonly KnownSource[],
  { embed, signal }: { readonly embed: boolean; readonly signal?: AbortSignal | undefined },
): Promise<QuotedSources> {
  const known = new Map(told.map((one) => ["source" in one ? one.source.id : one.id, one]));
  const texts = new Map<SourceId, string>();
  const notes: Note[] = [];
  const sources: ProofSource[] = [];
  for (const id of new Set(citations.map(({ source }) => source))) {
    const own = citations.filter(({ source }) => source === id);
    const { title, uri } = own[0]!;
    const found = known.get(id);
    const text = found !== undefined && "source" in found ? found.text : undefined;
    const differs = text !== undefined && own.some(({ quote, span }) => text.slice(...span) !== quote);
    if (differs) {
      const message = `The text given for "${title || id}" is not the one that was quoted: a newer or older version. It was left out.`;
      notes.push(note("source-skipped", message, { source: id }));
    }
    const source = found === undefined || differs ? undefined : "source" in found ? found.source : found;
    const address = webAddress(uri);
    if (text !== undefined && !differs) texts.set(id, text);
    const bytesHash = source === undefined ? undefined : bytesHashOf(source.version);
    sources.push({
      id: webAddress(id) ?? id,
      title,
      ...(address === undefined ? {} : { uri: address }),
      ...(source === undefined ? {} : { mediaType: source.mediaType, version: source.version }),
      ...(bytesHash === undefined ? {} : { bytesHash }),
      ...(text === undefined || differs
        ? {}
        : { textHash: await hashOfText(text, signal), ...(embed ? { text } : {}) }),
    });
  }
  return { sources, texts, notes };
}
