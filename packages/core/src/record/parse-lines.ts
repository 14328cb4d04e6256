import type { JsonValue } from "../json.js";
import { lineText } from "./line-text.js";
import type { RunEnd } from "./run-end.js";
import { asReference } from "./text-references.js";
import type { TraceLine, TraceText } from "./trace.js";

/** A line of JSONL; undefined where it is not exactly the text of a line: a space, another order of keys, a second key. */
export function parseLine(text: string): TraceLine | undefined {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isLine(line) && lineText(line) === text ? line : undefined;
}

/** Whether something has the form of a line, and nothing more. */
export function isLine(value: unknown): value is TraceLine {
  if (typeof value !== "object" || value === null) return false;
  const { seq, at, kind, call, data, prev, hash } = value as Partial<TraceLine>;
  return (
    Number.isSafeInteger(seq) &&
    Number.isFinite(at) &&
    typeof kind === "string" &&
    (call === undefined || typeof call === "string" || asReference(call) !== undefined) &&
    data !== undefined &&
    isHash(prev) &&
    isHash(hash) &&
    Object.keys(value).length === (call === undefined && !("call" in value) ? 6 : 7) &&
    !isTooDeep(data)
  );
}

/** Whether something has the form of a kept text, and nothing more. */
export function isText(value: unknown): value is TraceText {
  if (typeof value !== "object" || value === null) return false;
  const { salt, text, sources, anySource, redacted } = value as Partial<TraceText>;
  const flags = [anySource, redacted].filter((flag) => flag !== undefined);
  return (
    typeof salt === "string" &&
    /^[0-9a-f]{32}$/.test(salt) &&
    typeof text === "string" &&
    Array.isArray(sources) &&
    sources.every((source) => typeof source === "string") &&
    flags.every((flag) => flag === true) &&
    Object.values(value).filter((field) => field !== undefined).length === 3 + flags.length
  );
}

/** What a closing line says. */
export interface Closing {
  readonly run: string;
  readonly lines: number;
  readonly redacted: number;
  readonly head: string;
  readonly ended: RunEnd;
  /** Run that it is a part of; absent where it is the whole. */
  readonly of?: string | undefined;
  /** Roots of the traces of the parts before. */
  readonly parts: readonly string[];
}

/** What a closing line names; undefined where its data is not of its form. */
export function closingOf(value: JsonValue): Closing | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const data = value as Readonly<Record<string, JsonValue>>;
  const { format, run, lines, head, ended, redacted, of, parts = [] } = data;
  const isOne =
    format === 1 &&
    typeof run === "string" &&
    isRunEnd(ended) &&
    typeof head === "string" &&
    typeof lines === "number" &&
    typeof redacted === "number" &&
    (of === undefined || typeof of === "string") &&
    Array.isArray(parts) &&
    parts.every(isHash) &&
    Object.keys(data).every((name) => closingNames.has(name));
  return isOne
    ? { run, lines, redacted, head, ended, ...(of === undefined ? {} : { of }), parts: parts as string[] }
    : undefined;
}

const closingNames: ReadonlySet<string> = new Set([
  ...["format", "run", "lines", "head", "ended", "redacted", "of", "parts"],
]);
const ends: readonly unknown[] = ["finished", "waiting", "aborted", "failed"] satisfies RunEnd[];
const isRunEnd = (value: unknown): value is RunEnd => ends.includes(value);

/** Levels of lists and objects within each other that a line may have; deeper ones are texts. */
export const deepest = 64;

/** Whether a value has more levels than that; it never looks deeper, so that no depth is too much for it. */
export function isTooDeep(value: unknown, levels: number = deepest): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.some((part) => isTooDeep(part, levels - 1));
}

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
