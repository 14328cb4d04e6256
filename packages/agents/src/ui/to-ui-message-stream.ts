import { checkKeys, invalidOption } from "@clew/core";
import type { AgentEvent } from "../agent-event.js";
import { messageWriter } from "./message-writer.js";
import type { ClewUIMessageChunk } from "./ui-message-chunk.js";

/** Options of {@link toUIMessageStream}. */
export interface ToUIMessageStreamOptions {
  /** `sentences`: each as soon as it and all before it are verified. `answer`: all at the end. @default "sentences" */
  text?: "sentences" | "answer" | undefined;
  /** Write `[1]` behind a sentence for its citations, and `(unsupported)` where it is. @default true */
  marks?: boolean | undefined;
  /** Also send drafts, unverified, as transient `data-draft` parts. @default false */
  drafts?: boolean | undefined;
  /** Id of the message. @default the client makes one */
  messageId?: string | undefined;
  /** Send `start` and `finish`; leave them out to merge the stream into a longer one. @default true */
  frame?: boolean | undefined;
  /** When it is aborted, the stream ends with an `abort` chunk: that of the run. @default never */
  signal?: AbortSignal | undefined;
  /** What a reader is told of a failure; also the place to log it. @default "An error occurred.", since it may hold anything */
  onError?: ((error: unknown) => string) | undefined;
}

/** Events of a run, or what begins one, given the signal that is aborted when the reader leaves. */
export type AgentEvents = AsyncIterable<AgentEvent> | ((signal: AbortSignal) => AsyncIterable<AgentEvent>);

const optionKeys = ["text", "marks", "drafts", "messageId", "frame", "signal", "onError"];

/**
 * An agent's run as a stream of UI message chunks, for `useChat` of the Vercel AI SDK: hand it to `createUIMessageStreamResponse`.
 *
 * Text parts hold sentences that code has verified, never a draft; where a repair or a judge changes what was shown, another text
 * part brings the whole answer: the last text part is the answer. `source-url` or `source-document` parts name the sources cited,
 * `data-citation` and `data-sentence` parts lead from sentences to quotes, `data-answer` says what became of the question; the
 * steps are transient data parts. Types: {@link ClewUIMessageChunk}, {@link ClewUIData}.
 *
 * @throws ClewError `invalid-option`
 * @example
 * toUIMessageStream((signal) => agent.stream(question, { signal }))
 */
export function toUIMessageStream(
  events: AgentEvents,
  options: ToUIMessageStreamOptions = {},
): ReadableStream<ClewUIMessageChunk> {
  checkKeys("toUIMessageStream", options, optionKeys);
  const { text = "sentences", marks = true, drafts = false, messageId, frame = true, signal } = options;
  if (text !== "sentences" && text !== "answer") throw invalidOption("text", '"sentences" or "answer"', text);
  const told = options.onError ?? (() => "An error occurred.");
  const leaving = new AbortController();
  const linked = signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]);
  const write = messageWriter({ marks, streams: text === "sentences", drafts });
  let iterator: AsyncIterator<AgentEvent> | undefined;
  let finishReason: "stop" | "other" = "stop";

  return new ReadableStream<ClewUIMessageChunk>({
    start: (controller) => {
      if (frame) controller.enqueue({ type: "start", ...(messageId === undefined ? {} : { messageId }) });
    },
    pull: async (controller) => {
      const end = (...chunks: ClewUIMessageChunk[]): void => {
        // a reader that has left has closed the stream
        if (leaving.signal.aborted) return;
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      };
      try {
        iterator ??= (typeof events === "function" ? events(linked) : events)[Symbol.asyncIterator]();
        for (;;) {
          const next = await iterator.next();
          if (leaving.signal.aborted) return;
          if (next.done === true) return end(...(frame ? [{ type: "finish" as const, finishReason }] : []));
          if (next.value.type === "approval") finishReason = "other";
          const chunks = write(next.value);
          for (const chunk of chunks) controller.enqueue(chunk);
          if (chunks.length > 0) return;
        }
      } catch (error) {
        if (signal?.aborted === true) return end({ type: "abort" });
        end({ type: "error", errorText: told(error) });
      }
    },
    cancel: async () => {
      leaving.abort(new DOMException("The reader of the message has left.", "AbortError"));
      await iterator?.return?.();
    },
  });
}
