import { checkKeys } from "../errors/check-keys.js";
import { ClewError } from "../errors/clew-error.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { JsonObject } from "../json.js";
import type { Runtime } from "../run/runtime.js";
import { atOnce } from "./in-slices.js";
import { hashedLine, hashedText, hexHash, textHash } from "./line-text.js";
import { isLine, isText } from "./parse-lines.js";
import { randomSalt } from "./random-salt.js";
import { fieldOf, type Taint } from "./taint.js";
import { asReference, referenceJson } from "./text-references.js";
import { textVault } from "./text-vault.js";
import type { Trace, TraceLine, TraceText } from "./trace.js";
import type { Feedback, FeedbackRecord } from "./trace-store.js";
import { verifyTrace } from "./verify-trace.js";

/** What was said of one answer: a chain that hangs on the last line of its trace, and the corrections beside it. */
export interface FeedbackChain {
  /** Of the kind `feedback`; `prev` of the first is the root of the trace. */
  readonly lines: readonly TraceLine[];
  readonly texts: Readonly<Record<string, TraceText>>;
}

const verdicts = ["right", "wrong", "partly"];
const consents = ["record", "evaluation", "training"];
const longestCorrection = 100_000;

/**
 * Refuses feedback of another form.
 *
 * @throws ClewError `invalid-option`
 */
export function checkFeedback(feedback: Feedback): void {
  checkKeys("feedback", feedback, ["verdict", "correction", "consent"]);
  const { verdict, correction, consent } = feedback;
  if (!verdicts.includes(verdict)) throw invalidOption("verdict", `one of ${verdicts.join(", ")}`, verdict);
  if (!consents.includes(consent)) throw invalidOption("consent", `one of ${consents.join(", ")}`, consent);
  if (correction === undefined) return;
  if (typeof correction !== "string") throw invalidOption("correction", "a text", typeof correction);
  if (correction.length > longestCorrection) {
    throw invalidOption("correction", `at most ${longestCorrection} characters`, correction.length);
  }
}

/** The chain with one more line. A correction may repeat whatever the trace may: it goes when a source of the trace goes. */
export function appendFeedback(
  trace: Trace,
  { lines, texts }: FeedbackChain,
  feedback: Feedback,
  runtime: Pick<Runtime, "now" | "salt">,
): FeedbackChain {
  checkFeedback(feedback);
  const { verdict, correction, consent } = feedback;
  const root = trace.lines.at(-1)!.hash;
  const vault = textVault({ salt: runtime.salt ?? randomSalt, prefix: `f${lines.length}-` });
  const kept = correction === undefined ? undefined : vault.text(correction, "feedback", taintOf(trace));
  atOnce(vault.hash());
  const said: JsonObject = kept === undefined ? {} : { correction: referenceJson(kept) };
  const line = hashedLine({
    seq: lines.length,
    at: runtime.now(),
    kind: "feedback",
    data: { answer: trace.run, root, verdict, consent, ...said },
    prev: lines.at(-1)?.hash ?? root,
  });
  return { lines: [...lines, line], texts: { ...texts, ...vault.texts } };
}

function taintOf(trace: Trace): Taint {
  const kept = Object.values(trace.texts);
  const check = verifyTrace(trace);
  // of texts that are gone, nobody knows any more what they repeated
  const isWhole = check.code === "intact" && check.erased === 0;
  const anySource = !isWhole || kept.some((text) => text.anySource === true);
  return { sources: [...new Set(kept.flatMap(({ sources }) => sources))], anySource };
}

/**
 * Reads what was said of an answer.
 *
 * @param root root of its trace
 * @throws ClewError `trace-damaged` where a line or a correction was altered, dropped, added or moved. That the last lines
 *   are missing shows in nothing: feedback has no end
 */
export function readFeedback({ lines, texts }: FeedbackChain, root: string): FeedbackRecord[] {
  let prev = root;
  const known = new Set<string>();
  const records = lines.map((line, index): FeedbackRecord => {
    if (!isLine(line) || line.seq !== index || line.prev !== prev || hexHash(hashedText(line)) !== line.hash) {
      throw new ClewError("trace-damaged", `Line ${index + 1} of the feedback was altered, or does not belong there.`);
    }
    prev = line.hash;
    const { data, at } = line;
    const [answer, verdict, consent] = ["answer", "verdict", "consent"].map((name) => fieldOf(data, name));
    const reference = asReference(fieldOf(data, "correction"));
    const said = { answer, root, at, verdict, consent } as FeedbackRecord;
    if (reference === undefined) return said;
    known.add(reference.text);
    const kept = Object.hasOwn(texts, reference.text) ? texts[reference.text] : undefined;
    if (kept === undefined) return { ...said, erased: true };
    if (!isText(kept) || textHash(kept) !== reference.hash) {
      throw new ClewError("trace-damaged", `The correction of line ${index + 1} of the feedback was altered.`);
    }
    return { ...said, correction: kept.text };
  });
  if (Object.keys(texts).some((key) => !known.has(key))) {
    throw new ClewError("trace-damaged", "There is a correction that no line of the feedback refers to.");
  }
  return records;
}
