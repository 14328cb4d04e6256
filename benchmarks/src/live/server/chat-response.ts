import type { ServerResponse } from "node:http";
import type { Completion } from "./completion-engine.js";
import type { PlannedCompletion, Reply } from "./plan-completion.js";

/** What the pieces of one response have in common. */
export interface ResponseHead {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
}

/** The body of a response that is not streamed. */
export function completionBody(head: ResponseHead, reply: Reply, completion: Completion): object {
  const message =
    reply.kind === "text"
      ? { role: "assistant", content: reply.text, refusal: null }
      : {
          role: "assistant",
          content: null,
          refusal: null,
          tool_calls: [{ ...callOf(head, reply.name, reply.arguments) }],
        };
  return {
    ...head,
    object: "chat.completion",
    choices: [{ index: 0, message, finish_reason: finishReason(reply, completion), logprobs: null }],
    usage: usageOf(completion),
  };
}

/** A response as server-sent events. Nothing is sent before the first text, so that an error can still have its status. */
export interface EventStream {
  text(piece: string): void;
  end(reply: Reply, completion: Completion): void;
}

/** Options of {@link eventStream}. */
export interface EventStreamOptions {
  readonly head: ResponseHead;
  readonly streams: PlannedCompletion["streams"];
  /** Send the usage in a last chunk. */
  readonly includeUsage: boolean;
}

/** Makes an {@link EventStream} that writes to an HTTP response. */
export function eventStream(
  response: ServerResponse,
  { head, streams, includeUsage }: EventStreamOptions,
): EventStream {
  const usageField = includeUsage ? { usage: null } : {};
  const send = (chunk: object): void => {
    response.write(`data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", ...chunk })}\n\n`);
  };
  const delta = (part: object, finish: string | null = null): void =>
    send({ choices: [{ index: 0, delta: part, finish_reason: finish, logprobs: null }], ...usageField });
  const begin = (): void => {
    if (response.headersSent) return;
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
    delta({ role: "assistant", content: typeof streams === "object" ? null : "" });
    if (typeof streams === "object") delta({ tool_calls: [{ index: 0, ...callOf(head, streams.arguments, "") }] });
  };
  const argument = (piece: string): void => delta({ tool_calls: [{ index: 0, function: { arguments: piece } }] });

  return {
    text: (piece) => {
      if (streams === undefined) return;
      begin();
      if (streams === "content") delta({ content: piece });
      else argument(piece);
    },
    end: (reply, completion) => {
      begin();
      if (streams === undefined) {
        if (reply.kind === "text") delta({ content: reply.text });
        else delta({ tool_calls: [{ index: 0, ...callOf(head, reply.name, reply.arguments) }] });
      }
      delta({}, finishReason(reply, completion));
      if (includeUsage) send({ choices: [], usage: usageOf(completion) });
      response.end("data: [DONE]\n\n");
    },
  };
}

const callOf = ({ id }: ResponseHead, name: string, given: string): object => ({
  id: id.replace(/^chatcmpl/, "call"),
  type: "function",
  function: { name, arguments: given },
});

const finishReason = ({ kind }: Reply, { finish }: Completion): string =>
  finish === "length" ? "length" : kind === "call" ? "tool_calls" : "stop";

const usageOf = ({ inputTokens, outputTokens }: Completion): object => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
});
