import type { JsonValue } from "../json.js";
import type { SourceId } from "../source/source.js";

/** Stands in a trace where a text stood: the text itself lies beside the chain, under its key. */
export interface TextReference {
  /** Key of the text within its trace. */
  readonly text: string;
  /**
   * SHA-256 of the JSON text of `[salt, text, sources, anySource, redacted]`, as 64 hexadecimal digits: without the salt,
   * nobody can try texts against it.
   */
  readonly hash: string;
  /** Whether the text is the JSON of what stood there, and not a string that stood there. */
  readonly json?: true | undefined;
}

/** A text that a trace refers to. Whoever deletes it, salt and all, leaves the chain whole. */
export interface TraceText {
  /** 128 random bits, as 32 hexadecimal digits: one salt a text. */
  readonly salt: string;
  readonly text: string;
  /** Sources that the text is of, or may repeat; empty for one that came before anything was found. */
  readonly sources: readonly SourceId[];
  /** Whether it may repeat sources that the record does not name: erasing any source of the tenant erases it too. */
  readonly anySource?: true | undefined;
  /** Whether it was changed by the redaction hook before it was hashed. */
  readonly redacted?: true | undefined;
}

/** One line of a trace. Its JSON text, in this order of keys, is what is stored and hashed. */
export interface TraceLine {
  /** Position in the trace, from 0. */
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What happened: `run` (the inputs), `route`, `plan`, `query`, `hits`, `model`, `verdict`, …; `closed` is the last. */
  readonly kind: string;
  /** The call it belongs to, as a text where its name could hold one; absent for remarks. */
  readonly call?: string | TextReference | undefined;
  /** Ids, numbers and codes in the clear, each text as a {@link TextReference}. */
  readonly data: JsonValue;
  /** `hash` of the line before; 64 zeros in the first. */
  readonly prev: string;
  /** SHA-256 of the line's JSON text without this field, as 64 hexadecimal digits. */
  readonly hash: string;
}

/** The record of a run: append-only, hash-chained, enough to replay it. Keys and headers never enter it. Plain JSON. */
export interface Trace {
  /** Identity of the run, and of its answer. */
  readonly run: string;
  /** In order of `seq`; the last is of the kind `closed` and holds the number of lines before it and their head. */
  readonly lines: readonly TraceLine[];
  /** The texts by key; one that was erased is missing. */
  readonly texts: Readonly<Record<string, TraceText>>;
}
