import { checkKeys } from "../errors/check-keys.js";
import { type Runtime, systemRuntime } from "../run/runtime.js";
import type { Scope } from "../scope/scope.js";
import { scopeKey } from "../scope/scope-key.js";
import { answerUnknown, isSameTrace, rootInSlices, rootOf } from "./check-trace.js";
import { eraseTexts } from "./erase-texts.js";
import { appendFeedback, checkFeedback, type FeedbackChain, readFeedback } from "./feedback-chain.js";
import type { Trace } from "./trace.js";
import type { TraceStore } from "./trace-store.js";

/** Options of {@link memoryTraces}. */
export interface MemoryTracesOptions {
  /** The clock, and salts. @default those of the system */
  runtime?: Pick<Runtime, "now" | "salt"> | undefined;
}

interface Kept {
  readonly tenant: string;
  readonly scope: string;
  trace: Trace;
  feedback: FeedbackChain;
}

/** A {@link TraceStore} that lives as long as its process. */
export function memoryTraces(options: MemoryTracesOptions = {}): TraceStore {
  checkKeys("memoryTraces", options, ["runtime"]);
  const { runtime = systemRuntime } = options;
  const kept = new Map<string, Kept>();
  const keyOf = (scope: Scope, run: string): string => JSON.stringify([scopeKey(scope), run]);
  const find = (scope: Scope, run: string): Kept | undefined => kept.get(keyOf(scope, run));

  return {
    write: async (scope, trace, { signal } = {}) => {
      signal?.throwIfAborted();
      const root = await rootInSlices(trace, signal);
      if (isSameTrace(find(scope, trace.run)?.trace, root)) return;
      const feedback: FeedbackChain = { lines: [], texts: {} };
      const one = { tenant: scope.tenant, scope: scopeKey(scope), trace: structuredClone(trace), feedback };
      kept.set(keyOf(scope, trace.run), one);
    },
    read: async (scope, run, { signal } = {}) => {
      signal?.throwIfAborted();
      const found = find(scope, run);
      return found === undefined ? undefined : structuredClone(found.trace);
    },
    list: async function* (scope, { signal } = {}) {
      const key = scopeKey(scope);
      const own = [...kept.values()].filter((one) => one.scope === key).map(({ trace }) => trace);
      for (const { run } of own.sort(byClosing)) {
        signal?.throwIfAborted();
        yield run;
      }
    },
    feedback: async (scope, answer, feedback, { signal } = {}) => {
      signal?.throwIfAborted();
      checkFeedback(feedback);
      const found = find(scope, answer);
      if (found === undefined) throw answerUnknown();
      found.feedback = appendFeedback(found.trace, found.feedback, feedback, runtime);
      return readFeedback(found.feedback, rootOf(found.trace)).at(-1)!;
    },
    feedbackOf: async (scope, answer, { signal } = {}) => {
      signal?.throwIfAborted();
      const found = find(scope, answer);
      return found === undefined ? [] : readFeedback(found.feedback, rootOf(found.trace));
    },
    forget: async (scope, run, { signal } = {}) => {
      signal?.throwIfAborted();
      const removed = { traces: 0, texts: 0, corrections: 0 };
      for (const one of [...kept.values()]) {
        if (one.scope !== scopeKey(scope) || !isOf(one.trace.run, run)) continue;
        const [texts, corrections] = [one.trace.texts, one.feedback.texts].map((all) => Object.keys(all).length);
        if (texts! + corrections! === 0) continue;
        one.trace = { ...one.trace, texts: {} };
        one.feedback = { ...one.feedback, texts: {} };
        removed.traces += 1;
        removed.texts += texts!;
        removed.corrections += corrections!;
      }
      return { place: "traces", removed, notes: [] };
    },
    erase: async ({ tenant }, { source, signal }) => {
      signal?.throwIfAborted();
      let [traces, texts, corrections] = [0, 0, 0];
      for (const one of [...kept.values()].filter((each) => each.tenant === tenant)) {
        const trace = eraseTexts(one.trace.texts, source);
        const feedback = eraseTexts(one.feedback.texts, source);
        if (trace.erased + feedback.erased === 0) continue;
        one.trace = { ...one.trace, texts: trace.texts };
        one.feedback = { ...one.feedback, texts: feedback.texts };
        traces += 1;
        texts += trace.erased;
        corrections += feedback.erased;
      }
      return [{ place: "traces", removed: { traces, texts, corrections }, notes: [] }];
    },
  };
}

/** Whether a trace is that of a run, or of a part of it. */
const isOf = (trace: string, run: string): boolean =>
  trace === run || (trace.startsWith(`${run}#`) && /^\d+$/.test(trace.slice(run.length + 1)));

/** The order of `list`: by the time of closing, then by id. */
const byClosing = (a: Trace, b: Trace): number =>
  a.lines.at(-1)!.at - b.lines.at(-1)!.at || (a.run < b.run ? -1 : a.run > b.run ? 1 : 0);
