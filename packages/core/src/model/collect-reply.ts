import type { AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { servedBy } from "../agent/served-by.js";
import type { Note } from "../run/note.js";
import { cutReason } from "./cut-reason.js";

/** What a stream of chunks adds up to. */
export interface CollectedReply {
  readonly text: string;
  /** Arguments of the tool call, as they were written; undefined where none was made. */
  readonly argsText: string | undefined;
  /** The same of a model that gives whole calls. */
  readonly args: unknown;
  readonly counted: UsageMetadata | undefined;
  /** `here` where the reply was longer than it may be; else what the provider says. */
  readonly cut: string | undefined;
  /** What the provider says of the end; undefined where it says nothing. */
  readonly finish: string | undefined;
  readonly refusal: string;
  /** True where the protocol always says why it ended, and did not: the connection was closed before. */
  readonly brokenOff: boolean;
  /** Who really served, where the model says so. */
  readonly served: string | undefined;
  /** Requests that it says were sent; 0 where it says nothing. */
  readonly requests: number;
  /** What it says of fallbacks, repetitions and waits. */
  readonly notes: readonly Note[];
}

/** Options of {@link collectReply}. */
export interface CollectReplyOptions {
  /** UTF-16 code units of text, arguments and reasoning together, behind which the rest is not waited for. */
  readonly maxChars: number;
  /** The tool that was asked for; calls of others are passed over. */
  readonly tool: string | undefined;
  readonly onText: (text: string) => void;
  /** Called with each chunk, whatever is in it. */
  readonly onChunk: () => void;
}

/** Adds up the chunks of a reply: in pieces, since joined messages parse their arguments again with every chunk. */
export async function collectReply(
  chunks: AsyncIterable<AIMessageChunk>,
  { maxChars, tool, onText, onChunk }: CollectReplyOptions,
): Promise<CollectedReply> {
  const texts: string[] = [];
  const calls = new Map<number, { name: string; readonly args: string[] }>();
  const refused: string[] = [];
  let args: unknown;
  let counted: UsageMetadata | undefined;
  let cut: string | undefined;
  let finish: string | undefined;
  let saysEnd = false;
  let served: string | undefined;
  let requests = 0;
  const notes: Note[] = [];
  let room = maxChars;
  for await (const chunk of chunks) {
    onChunk();
    const { text, tool_call_chunks = [], tool_calls = [], usage_metadata, additional_kwargs } = chunk;
    const piece = text.slice(0, room);
    if (piece !== "") {
      texts.push(piece);
      onText(piece);
    }
    room -= text.length + lengthOf(additional_kwargs?.reasoning_content);
    if (typeof additional_kwargs?.refusal === "string") refused.push(additional_kwargs.refusal.slice(0, 200));
    for (const { index = 0, name, args: more = "" } of tool_call_chunks) {
      const call = calls.get(index) ?? { name: "", args: [] };
      calls.set(index, call);
      call.name += name ?? "";
      call.args.push(more.slice(0, Math.max(0, room)));
      room -= more.length;
    }
    if (tool_call_chunks.length === 0) {
      // a model that does not stream gives its message, with its calls, in one piece
      args ??= tool_calls.find(({ name }) => tool === undefined || name === tool)?.args;
    }
    if (usage_metadata !== undefined) counted = added(counted, usage_metadata);
    finish ??= finishOf(chunk);
    saysEnd ||= isChatCompletion(chunk);
    cut ??= cutReason(chunk);
    const by = servedBy(chunk);
    served = by.served ?? served;
    requests += by.requests;
    notes.push(...by.notes);
    if (room < 0) {
      cut = "here";
      break;
    }
  }
  const made = [...calls.values()].find(({ name }) => tool === undefined || name === "" || name === tool);
  return {
    text: texts.join(""),
    argsText: made?.args.join(""),
    args,
    counted,
    cut,
    finish,
    refusal: refused.join("").slice(0, 200),
    brokenOff: saysEnd && finish === undefined && cut === undefined,
    served,
    requests,
    notes,
  };
}

const lengthOf = (text: unknown): number => (typeof text === "string" ? text.length : 0);

/** Providers report the whole once, or parts of it with several chunks. */
function added(before: UsageMetadata | undefined, next: UsageMetadata): UsageMetadata {
  if (before === undefined) return next;
  const sum = (a: number | undefined, b: number | undefined): number => (a ?? 0) + (b ?? 0);
  return {
    input_tokens: sum(before.input_tokens, next.input_tokens),
    output_tokens: sum(before.output_tokens, next.output_tokens),
    total_tokens: sum(before.total_tokens, next.total_tokens),
    input_token_details: {
      cache_read: sum(before.input_token_details?.cache_read, next.input_token_details?.cache_read),
    },
  };
}

/** Chunks of OpenAI's chat completions carry the position of their choice; each choice ends with a reason. */
const isChatCompletion = ({ response_metadata }: AIMessageChunk): boolean =>
  typeof (response_metadata as Record<string, unknown> | undefined)?.completion === "number";

const finishKeys = ["finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason"];

function finishOf({ response_metadata }: AIMessageChunk): string | undefined {
  const said = (response_metadata ?? {}) as Record<string, unknown>;
  return finishKeys.map((key) => said[key]).find((value): value is string => typeof value === "string" && value !== "");
}
