import { positiveInteger } from "../errors/check-number.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { JsonValue } from "../json.js";
import type { JournalEntry } from "../run/journal.js";
import type { Runtime } from "../run/runtime.js";
import type { SourceId } from "../source/source.js";
import { type ClearRule, clearCall, clearFields, clearKinds } from "./clear-fields.js";
import { atOnce, inSlices, type SlicedWork } from "./in-slices.js";
import { isNegativeZero } from "./json-text.js";
import { hashedLine, noLine } from "./line-text.js";
import { partRun } from "./part-run.js";
import { randomSalt } from "./random-salt.js";
import type { RunEnd } from "./run-end.js";
import { fieldOf, type Taint, taints, untainted } from "./taint.js";
import { type RedactText, type TextVault, textVault } from "./text-vault.js";
import type { TextReference, Trace, TraceLine } from "./trace.js";

/** Options of {@link sealTrace}. */
export interface SealTraceOptions {
  /** Identity of the run, and of its answer. */
  readonly run: string;
  /** All that the run recorded, in order. */
  readonly entries: readonly JournalEntry[];
  /** Sources that the conversation before the question may repeat; `any` where nobody knows. @default none */
  readonly heard?: readonly SourceId[] | "any" | undefined;
  /** Changes texts before they are hashed and kept. Identities of sources and passages are not shown to it. */
  readonly redact?: RedactText | undefined;
  /** @default finished */
  readonly ended?: RunEnd | undefined;
  /**
   * Which part of the run it is, from 1, where the run may still be resumed: the trace is one of its own, `run#part`, with
   * all that was recorded so far. @default none: it is the trace of the whole run
   */
  readonly part?: number | undefined;
  /** Roots of the traces of the parts before, oldest first. @default none */
  readonly parts?: readonly string[] | undefined;
  /** The clock, and salts. */
  readonly runtime: Pick<Runtime, "now" | "salt">;
}

/** A kind that cannot stand in the clear, or would be taken for another: the line's data holds it as a text. */
export const otherKind = "x-other";
/** Kind of the last line. */
export const closedKind = "closed";
/** What a line takes besides its texts, in characters of hashing. */
const lineCost = 1000;
/** Levels of lists and objects that stay in the clear; what lies deeper is a text. Well below what `verifyTrace` takes. */
const deepestClear = 32;
const plainKind = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Makes the record of a run out of its journal: texts leave it for a place beside the chain, each with a salt of its own
 * and the sources that it may repeat; the rest becomes hash-chained lines. What stays in the clear is listed
 * (`clear-fields.ts`): numbers and codes under known names. {@link openTrace} gives back the same entries.
 *
 * @throws ClewError `invalid-option` for entries that are not numbered by their place, or a redaction hook that fails
 */
export const sealTrace = (options: SealTraceOptions): Trace => atOnce(sealing(options));

/**
 * {@link sealTrace} in slices: long texts do not hold up whatever else the process does.
 *
 * @throws the signal's reason
 */
export const sealTraceInSlices = ({
  signal,
  ...options
}: SealTraceOptions & { readonly signal?: AbortSignal | undefined }): Promise<Trace> =>
  inSlices(sealing(options), signal);

function* sealing(options: SealTraceOptions): SlicedWork<Trace> {
  const { run, entries, heard = [], redact, ended = "finished", part, parts = [], runtime } = options;
  if (part !== undefined && ended === "finished") throw invalidOption("part", "left out of a run that finished", part);
  const own = part === undefined ? run : partRun(run, positiveInteger("part", part));
  const vault = textVault({ salt: runtime.salt ?? randomSalt, redact });
  const taintOf = taints(heard);
  const isClearCall = clearCallsOf(run);
  const lines: TraceLine[] = [];
  const chain = (line: Omit<TraceLine, "seq" | "prev" | "hash">): void => {
    const { at, kind, call, data } = line;
    const prev = lines.at(-1)?.hash ?? noLine;
    lines.push(hashedLine({ seq: lines.length, at, kind, ...(call === undefined ? {} : { call }), data, prev }));
  };
  for (const [index, entry] of entries.entries()) {
    const { seq, at, kind, call } = entry;
    if (seq !== index) throw invalidOption("entries", "entries whose seq is their place, from 0", seq);
    if (!Number.isFinite(at)) throw invalidOption("entries", "entries with a time", at);
    const taint = taintOf(entry);
    const data = yield* sealed(entry, vault, taint);
    const shown = call === undefined ? {} : { call: isClearCall(call) ? call : vault.text(call, kind, taint) };
    const isPlain = plainKind.test(kind) && kind !== closedKind && kind !== otherKind;
    const named = isPlain ? data : { kind: placeOf(vault.text(kind, otherKind, taint)), data };
    yield* vault.hash();
    chain({ at, kind: isPlain ? kind : otherKind, ...shown, data: named });
    yield lineCost;
  }
  const head = lines.at(-1)?.hash ?? noLine;
  const counted = { format: 1, run: own, lines: lines.length, head, ended, redacted: vault.redacted() };
  const before = { ...(part === undefined ? {} : { of: run }), ...(parts.length === 0 ? {} : { parts }) };
  chain({ at: runtime.now(), kind: closedKind, data: { ...counted, ...before } });
  return { run: own, lines, texts: vault.texts };
}

/** The data of a line, with a reference where a text stood. */
function* sealed({ kind, data }: JournalEntry, vault: TextVault, taint: Taint): SlicedWork<JsonValue> {
  const holdsPassages = kind === "hits" || kind === "search" || kind === "passages";
  const own = new Map<SourceId, Taint>();
  const ownTaint = (source: SourceId): Taint => {
    if (!own.has(source)) own.set(source, { sources: [source], anySource: false });
    return own.get(source)!;
  };
  const leaf = (value: Leaf, rule: ClearRule, name: string): JsonValue => {
    if (value === null || value === undefined) return null;
    if (typeof value === "string") {
      if (rule instanceof RegExp && rule.test(value)) return value;
      return placeOf(vault.text(value, kind, name === asked ? untainted : taint));
    }
    const isClear = rule === "number" && !isNegativeZero(value);
    return isClear ? value : placeOf(vault.json(value, kind, taint));
  };
  function* walk(value: JsonValue, rule: ClearRule, name: string, depth: number): SlicedWork<JsonValue> {
    if (isLeaf(value)) return leaf(value, rule, name);
    // what was taken in within, as soon as it is
    yield* vault.hash();
    if (Array.isArray(value)) {
      if (rule === "text" || depth > deepestClear) return placeOf(vault.json(value, kind, taint));
      const parts: JsonValue[] = [];
      for (const part of value as readonly JsonValue[]) parts.push(yield* walk(part, rule, name, depth + 1));
      return parts;
    }
    const source = fieldOf(value, "source");
    if (holdsPassages && typeof source === "string" && isPassage(value)) {
      return placeOf(vault.json(value, kind, ownTaint(source), ["id", "source"]));
    }
    const fields = Object.entries(value).filter(([, part]) => part !== undefined);
    if (rule !== "deep" || depth > deepestClear || !fields.every(([field]) => clearFields.has(field))) {
      return placeOf(vault.json(value, kind, taint));
    }
    const within = value === data && kind === "run" ? "run/" : "";
    const shown: [string, JsonValue][] = [];
    for (const [field, part] of fields) {
      const known = clearFields.get(field)!;
      const path = `${within}${field}`;
      shown.push([field, isLeaf(part) ? leaf(part, known, path) : yield* walk(part, known, path, depth + 1)]);
    }
    return Object.fromEntries(shown);
  }
  return yield* walk(data, clearKinds.get(kind) ?? "text", "", 0);
}

type Leaf = string | number | boolean | null | undefined;
const isLeaf = (value: JsonValue | undefined): value is Leaf => typeof value !== "object" || value === null;

/** A reference as it stands in a line's data: the vault puts its hash in. */
const placeOf = (reference: TextReference): JsonValue => reference as unknown as JsonValue;

/** The question of the run itself: it came before anything was found, and unlike those before it no answer did. */
const asked = "run/question";

const passageFields = ["id", "source", "ordinal", "span", "text", "title", "headings", "line", "metadata"];
const isPassage = (value: JsonValue): boolean => passageFields.every((name) => fieldOf(value, name) !== undefined);

function clearCallsOf(run: string): (call: string) => boolean {
  let encoded: string;
  try {
    encoded = encodeURIComponent(run);
  } catch {
    // a lone surrogate has no encoding, so no call of this run has a name of the usual form
    return () => false;
  }
  return (call) => call.startsWith(encoded) && clearCall.test(call.slice(encoded.length));
}
