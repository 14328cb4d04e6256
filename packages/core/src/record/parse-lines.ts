import type { JsonValue } from "../json.js";
import { lineText } from "./line-text.js";
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
    Object.keys(value).length === (call === undefined && !("call" in value) ? 6 : 7)
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

/** The number of lines and the head that a closing line names; undefined where its data is not of its form. */
export function closingOf(data: JsonValue): { run: string; lines: number; redacted: number; head: string } | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { format, run, lines, head, ended, redacted } = data as Readonly<Record<string, JsonValue>>;
  const isOne = format === 1 && typeof run === "string" && typeof ended === "string" && typeof head === "string";
  return isOne && typeof lines === "number" && typeof redacted === "number"
    ? { run, lines, redacted, head }
    : undefined;
}

const isHash = (value: unknown): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
