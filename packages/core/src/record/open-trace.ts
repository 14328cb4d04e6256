import { checkKeys } from "../errors/check-keys.js";
import { ClewError } from "../errors/clew-error.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { JsonValue } from "../json.js";
import type { JournalEntry } from "../run/journal.js";
import { otherKind } from "./seal-trace.js";
import { fieldOf } from "./taint.js";
import { asReference, filledIn } from "./text-references.js";
import type { TextReference, Trace } from "./trace.js";
import { verifyTrace } from "./verify-trace.js";

/** Options of {@link openTrace}. */
export interface OpenTraceOptions {
  /** What is done with texts that were redacted before they were kept: refused, or read as they are. @default refuse */
  readonly redacted?: "refuse" | "keep" | undefined;
}

/**
 * What a run recorded, entry by entry, as it was before it was sealed.
 *
 * @throws ClewError `trace-damaged` where the trace does not verify; `trace-erased` where a text is gone;
 *   `trace-redacted` where one was changed before it was kept
 */
export function openTrace(trace: Trace, options: OpenTraceOptions = {}): JournalEntry[] {
  checkKeys("openTrace", options, ["redacted"]);
  const { redacted = "refuse" } = options;
  if (redacted !== "refuse" && redacted !== "keep") throw invalidOption("redacted", '"refuse" or "keep"', redacted);
  const check = verifyTrace(trace);
  if (check.code === "damaged") {
    throw new ClewError("trace-damaged", `The trace was altered and cannot be opened: ${check.message}`);
  }
  if (check.erased > 0) {
    throw new ClewError(
      "trace-erased",
      `${check.erased} of the texts of this trace were erased: what it recorded can be verified, and no longer be read.`,
    );
  }
  if (check.redacted > 0 && redacted === "refuse") {
    throw new ClewError(
      "trace-redacted",
      `${check.redacted} texts of this trace were redacted before they were kept: open it with { redacted: "keep" } to read what is left.`,
    );
  }
  const standing = ({ text: key, json }: TextReference): JsonValue => {
    const { text } = trace.texts[key]!;
    return json === true ? (JSON.parse(text) as JsonValue) : text;
  };
  return trace.lines.slice(0, -1).map((line): JournalEntry => {
    const data = filledIn(line.data, standing);
    const reference = asReference(line.call);
    const call = reference === undefined ? (line.call as string | undefined) : (standing(reference) as string);
    const [kind, own] =
      line.kind === otherKind ? [fieldOf(data, "kind") as string, fieldOf(data, "data")!] : [line.kind, data];
    return { seq: line.seq, at: line.at, kind, ...(call === undefined ? {} : { call }), data: own };
  });
}
