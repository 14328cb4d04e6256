import { ClewError } from "../errors/clew-error.js";
import { lineText } from "./line-text.js";
import { closingOf, parseLine } from "./parse-lines.js";
import { closedKind } from "./seal-trace.js";
import type { Trace, TraceText } from "./trace.js";

/** The chain of a trace as JSONL, each line with its line break; its texts are not in it. */
export const traceJsonl = ({ lines }: Pick<Trace, "lines">): string =>
  lines.map((line) => `${lineText(line)}\n`).join("");

/**
 * Reads a chain and the texts beside it. The form is checked, not the hashes: that is what `verifyTrace` is for.
 *
 * @throws ClewError `trace-damaged` where a line is not exactly one, or the closing line is missing
 */
export function parseTrace(jsonl: string, texts: Readonly<Record<string, TraceText>>): Trace {
  const parts = jsonl.split("\n");
  if (parts.pop() !== "") throw new ClewError("trace-damaged", "The trace does not end with a line break.");
  const lines = parts.map((part, index) => {
    const line = parseLine(part);
    if (line !== undefined) return line;
    throw new ClewError("trace-damaged", `Line ${index + 1} of the trace is not exactly the JSON of a line.`);
  });
  const last = lines.at(-1);
  const closing = last === undefined ? undefined : closingOf(last.data);
  if (closing === undefined) throw new ClewError("trace-damaged", "The trace has no closing line: its end is missing.");
  return { run: closing.run, lines, texts };
}

/** The run of a trace, and when it was closed, by the last line of its JSONL; undefined where that is no closing line. */
export function parseLastLine(text: string): { readonly run: string; readonly at: number } | undefined {
  const line = text.endsWith("\n") ? parseLine(text.slice(0, -1)) : undefined;
  const run = line?.kind === closedKind ? closingOf(line.data)?.run : undefined;
  return line === undefined || run === undefined ? undefined : { run, at: line.at };
}
