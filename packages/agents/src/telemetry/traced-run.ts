import { ClewError, type Spans } from "@clew/core";
import type { AgentEvent } from "../agent-event.js";
import type { BegunSpan, Telemetry } from "./telemetry.js";

/** What is shown of a run. */
export interface TracedRunOptions<E extends { readonly type: string }> {
  /** Whose run it is. */
  readonly agent: string;
  /** What was active when it was asked for. */
  readonly around: ReturnType<Telemetry["here"]>;
  readonly question: string;
  readonly thread: string | undefined;
  readonly policy: string;
  /** Events of the run; its nodes lie under the spans given. */
  readonly run: (spans: Spans) => AsyncGenerator<E, void, undefined>;
  /** What the last event tells of the run. */
  readonly tell: (span: BegunSpan, event: E) => void;
}

/** The events of a run within a span of its own, which ends when they do: with the answer, a failure, or when they are left. */
export async function* tracedRun<E extends { readonly type: string }>(
  options: TracedRunOptions<E>,
): AsyncGenerator<E, void, undefined> {
  const { agent, around, question, thread, policy, run, tell } = options;
  const span = around.begin({
    name: `invoke_agent ${agent}`,
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.provider.name": "clew",
      "gen_ai.agent.name": agent,
      "clew.policy": policy,
    },
    shared: { "gen_ai.conversation.id": thread },
  });
  span.texts((clean) => ({ "gen_ai.input.messages": messages("user", clean(question)) }));
  const events = run(span.spans);
  let open = true;
  try {
    for (;;) {
      const next = await span.active(() => events.next());
      if (next.done === true) break;
      if (next.value.type === "done" || next.value.type === "approval") open = false;
      if (!open) tell(span, next.value);
      yield next.value;
    }
    open = false;
  } catch (error) {
    open = false;
    span.failed(error);
    throw error;
  } finally {
    if (open) span.failed(new ClewError("closed", "The caller has left this run."));
    try {
      await events.return(undefined);
    } finally {
      span.end();
    }
  }
}

/** What an answer, or what waits for a person, tells of its run. */
export function tellAnswer(span: BegunSpan, event: AgentEvent): void {
  if (event.type === "approval") span.set({ "clew.waiting": true });
  if (event.type !== "done") return;
  const { id, status, text, hops, evidence, notes, usage } = event.answer;
  span.set({
    "clew.run.id": id,
    "clew.answer.status": status,
    "clew.searches": hops.length,
    "clew.evidence": evidence.length,
    "clew.notes": [...new Set(notes.map(({ code }) => code))],
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
  });
  span.texts((clean) => ({ "gen_ai.output.messages": messages("assistant", clean(text)) }));
}

/** One message, as the conventions want it. */
export const messages = (role: string, content: string): string =>
  JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
