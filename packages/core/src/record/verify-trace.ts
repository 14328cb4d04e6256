import { checkKeys } from "../errors/check-keys.js";
import { invalidOption } from "../errors/invalid-option.js";
import { atOnce, inSlices, type SlicedWork } from "./in-slices.js";
import { hashedText, hexHash, noLine, textHash } from "./line-text.js";
import { closingOf, isLine, isText, parseLine } from "./parse-lines.js";
import type { RunEnd } from "./run-end.js";
import { closedKind } from "./seal-trace.js";
import { referencesIn } from "./text-references.js";
import type { TextReference, Trace, TraceLine, TraceText } from "./trace.js";

/** What is wrong with a trace. */
export type TraceDamage =
  /** A line is not exactly the JSON of one. */
  | "malformed"
  /** A line is not what was hashed. */
  | "altered"
  | "dropped"
  | "added"
  | "reordered"
  /** The closing line is missing: the tail was cut off, or the run never ended. */
  | "truncated"
  /** The whole is intact in itself, and is not the trace of this root: it was made anew. */
  | "root-differs"
  /** A text, its salt or its sources are not what was hashed. */
  | "text-altered"
  /** A text that no line refers to. */
  | "text-added";

/** What checking a trace found. */
export type TraceCheck =
  | {
      readonly code: "intact";
      /** Identity of the trace: of a part, `run#part`. */
      readonly run: string;
      /** How the run ended; other than `finished`, it may have been resumed, and then has a trace of its own. */
      readonly ended: RunEnd;
      /** Roots of the traces of its parts before, that this one names. */
      readonly parts: readonly string[];
      /** Lines, the closing one included. */
      readonly lines: number;
      /** `hash` of the last line: whoever keeps it elsewhere will know this trace from any other. */
      readonly root: string;
      /** Texts that are there, each with the hash that the chain holds of it. */
      readonly texts: number;
      /** Texts that are not there: erased, or not handed in. */
      readonly erased: number;
      /** Texts that a hook changed before they were kept. */
      readonly redacted: number;
    }
  | {
      readonly code: "damaged";
      readonly what: TraceDamage;
      /** Where, counted from 0; absent where it is no line's fault. */
      readonly line?: number | undefined;
      /** A sentence for people. Holds no text of the trace. */
      readonly message: string;
    };

/** Options of {@link verifyTrace}. */
export interface VerifyTraceOptions {
  /** The root that was kept elsewhere. Only it tells a trace from another that somebody made and chained anew. */
  readonly root?: string | undefined;
  /** The texts beside a chain that is given as JSONL. @default none: all count as erased */
  readonly texts?: Readonly<Record<string, TraceText>> | undefined;
}

/**
 * Checks a trace line by line and text by text: any that was altered, dropped (the tail too), added or moved is found.
 * JSONL is held to the byte: each line must be exactly the JSON text that is hashed, the last one with its line break.
 *
 * Whoever rewrites all lines behind a change, hashes and closing line included, makes another intact trace; that is
 * only found by `root`, kept where they cannot write. A text that is not there counts as erased.
 */
export const verifyTrace = (trace: Trace | string | Uint8Array, options: VerifyTraceOptions = {}): TraceCheck => {
  checkKeys("verifyTrace", options, ["root", "texts"]);
  return atOnce(verifying(trace, options));
};

/**
 * {@link verifyTrace} in slices: a long trace does not hold up whatever else the process does.
 *
 * @throws the signal's reason
 */
export const verifyTraceInSlices = async (
  trace: Trace | string | Uint8Array,
  options: VerifyTraceOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<TraceCheck> => {
  checkKeys("verifyTraceInSlices", options, ["root", "texts", "signal"]);
  return inSlices(verifying(trace, options), options.signal);
};

function* verifying(trace: Trace | string | Uint8Array, options: VerifyTraceOptions): SlicedWork<TraceCheck> {
  if (typeof trace === "string" || trace instanceof Uint8Array) {
    const lines = yield* linesOf(trace);
    return lines.code === "damaged" ? lines : yield* checked(lines.lines, options.texts ?? {}, undefined, options);
  }
  if (typeof trace !== "object" || trace === null || !Array.isArray(trace.lines)) {
    throw invalidOption("trace", "a trace, or the JSONL of one");
  }
  if (options.texts !== undefined) throw invalidOption("texts", "left out where a whole trace is given");
  const strange = trace.lines.findIndex((line) => !isLine(line));
  if (strange >= 0) return damaged("malformed", strange, "is not a line of a trace");
  if (typeof trace.texts !== "object" || trace.texts === null) return damagedWhole("malformed", "It has no texts.");
  return yield* checked(trace.lines, trace.texts, trace.run, options);
}

type Damaged = Extract<TraceCheck, { code: "damaged" }>;

const damaged = (what: TraceDamage, line: number, how: string): Damaged => ({
  code: "damaged",
  what,
  line,
  message: `Line ${line + 1} ${how}.`,
});
const damagedWhole = (what: TraceDamage, message: string): Damaged => ({ code: "damaged", what, message });

/** The lines of JSONL, as far as each is exactly one. */
function* linesOf(
  jsonl: string | Uint8Array,
): SlicedWork<Damaged | { readonly code: "lines"; readonly lines: TraceLine[] }> {
  let text: string;
  try {
    text = typeof jsonl === "string" ? jsonl : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(jsonl);
  } catch {
    return damagedWhole("malformed", "It is not valid UTF-8.");
  }
  const lines: TraceLine[] = [];
  let from = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
    const line = parseLine(text.slice(from, end));
    if (line === undefined) return damaged("malformed", lines.length, "is not exactly the JSON of a line");
    lines.push(line);
    yield end - from;
    from = end + 1;
  }
  if (from < text.length) return damaged("truncated", lines.length, "does not end with a line break");
  return { code: "lines", lines };
}

function* checked(
  lines: readonly TraceLine[],
  texts: Readonly<Record<string, TraceText>>,
  run: string | undefined,
  { root }: VerifyTraceOptions,
): SlicedWork<TraceCheck> {
  let prev = noLine;
  const references = new Map<string, TextReference>();
  for (const [index, line] of lines.entries()) {
    const text = hashedText(line);
    if (hexHash(text) !== line.hash) return damaged("altered", index, "is not what was hashed");
    if (line.seq !== index || line.prev !== prev) return misplaced(lines, index);
    if (line.kind === closedKind && index < lines.length - 1) {
      return damaged("added", index + 1, "comes after the closing line");
    }
    prev = line.hash;
    for (const reference of referencesIn(line)) references.set(reference.text, reference);
    yield text.length;
  }
  const last = lines.at(-1);
  if (last?.kind !== closedKind) return damagedWhole("truncated", "There is no closing line: the end is missing.");
  const closing = closingOf(last.data);
  const end = lines.length - 1;
  if (closing === undefined) return damaged("malformed", end, "is not a closing line of this version");
  if (closing.lines !== end || closing.head !== last.prev) return damaged("altered", end, "closes another trace");
  if (run !== undefined && run !== closing.run) return damaged("altered", end, "closes the trace of another run");
  if (root !== undefined && root !== last.hash) {
    return damagedWhole("root-differs", "It is intact in itself, and not the trace of this root: it was made anew.");
  }
  let there = 0;
  for (const [key, kept] of Object.entries(texts)) {
    const reference = references.get(key);
    if (reference === undefined) return damagedWhole("text-added", "There is a text that no line refers to.");
    if (!isText(kept) || textHash(kept) !== reference.hash) {
      const at = lines.findIndex((line) => referencesIn(line).some(({ text }) => text === key));
      return damaged("text-altered", at, "refers to a text that is not what was hashed");
    }
    there += 1;
    yield kept.text.length + 20 * kept.sources.length;
  }
  const erased = references.size - there;
  return {
    code: "intact",
    run: closing.run,
    ended: closing.ended,
    parts: closing.parts,
    lines: lines.length,
    root: last.hash,
    texts: there,
    erased,
    redacted: closing.redacted,
  };
}

/** A line that is whole and does not belong where it stands. */
function misplaced(lines: readonly TraceLine[], index: number): Damaged {
  const { seq } = lines[index]!;
  if (lines.slice(0, index).some((line) => line.seq === seq)) return damaged("added", index, "stands there before");
  if (seq === index) return damaged("altered", index, "does not follow from the line before");
  const isLater = lines.slice(index + 1).some((line) => line.seq === index);
  return isLater
    ? damaged("reordered", index, "was moved")
    : damaged("dropped", index, "follows on a line that is gone");
}
