import { invalidOption } from "../errors/invalid-option.js";
import type { JsonValue } from "../json.js";
import type { Runtime } from "../run/runtime.js";
import { rootOf } from "./check-trace.js";
import { hashedLine, noLine } from "./line-text.js";
import { closingOf } from "./parse-lines.js";
import { closedKind } from "./seal-trace.js";
import { filledIn, referenceJson } from "./text-references.js";
import type { TextReference, Trace, TraceLine, TraceText } from "./trace.js";

/** Options of {@link joinTraces}. */
export interface JoinTracesOptions {
  /** Identity of the whole. */
  readonly run: string;
  /** The traces of its parts, in order. */
  readonly traces: readonly Trace[];
  /** The clock. */
  readonly runtime: Pick<Runtime, "now">;
}

/**
 * Makes one trace of several that led to one answer: the lines of each, behind them a line `part` with its run and root, last a
 * closing line of the whole. Texts keep their salts, hashes and sources, and what was erased stays erased.
 *
 * @throws ClewError `trace-damaged` where one does not verify
 */
export function joinTraces({ run, traces, runtime }: JoinTracesOptions): Trace {
  if (traces.length === 0) throw invalidOption("traces", "one trace at least");
  const lines: TraceLine[] = [];
  const texts: Record<string, TraceText> = {};
  let redacted = 0;
  const chain = (line: Omit<TraceLine, "seq" | "prev" | "hash">): void => {
    const { at, kind, call, data } = line;
    const prev = lines.at(-1)?.hash ?? noLine;
    lines.push(hashedLine({ seq: lines.length, at, kind, ...(call === undefined ? {} : { call }), data, prev }));
  };
  for (const [index, trace] of traces.entries()) {
    const root = rootOf(trace);
    const rename = (reference: TextReference): TextReference => ({ ...reference, text: `p${index}-${reference.text}` });
    for (const [key, text] of Object.entries(trace.texts)) texts[`p${index}-${key}`] = text;
    for (const { at, kind, call, data } of trace.lines.slice(0, -1)) {
      const named = typeof call === "object" ? rename(call) : call;
      chain({
        at,
        kind,
        call: named,
        data: filledIn(data, (reference): JsonValue => referenceJson(rename(reference))),
      });
    }
    const closing = trace.lines.at(-1)!;
    redacted += closingOf(closing.data)!.redacted;
    chain({ at: closing.at, kind: partKind, data: { run: trace.run, root } });
  }
  const head = lines.at(-1)!.hash;
  chain({
    at: runtime.now(),
    kind: closedKind,
    data: { format: 1, run, lines: lines.length, head, ended: "finished", redacted },
  });
  return { run, lines, texts };
}

const partKind = "part";
