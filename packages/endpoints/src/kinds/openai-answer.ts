import { errorWords } from "../wire/http-failure.js";
import type { WirePiece, WireToolCall, WireUsage } from "./chat-wire.js";
import { asList, asNumber, asRecord, asText } from "./read-json.js";

/** Reads a chat completion, or a chunk of a streamed one; undefined where it is neither. */
export function readChatCompletion(json: unknown, streamed: boolean): WirePiece | undefined {
  const answer = asRecord(json);
  const error = asText(answer?.error) ?? (answer?.error === undefined ? undefined : errorWords(answer));
  if (error !== undefined) return { error };
  const choices = asList(answer?.choices);
  if (answer === undefined || choices === undefined) return undefined;
  const common = commonOf(answer);
  const choice = asRecord(choices[0]);
  // the last chunk of a stream has usage and no choice; a whole answer without one is none
  if (choice === undefined) return streamed ? common : undefined;
  const said = asRecord(choice[streamed ? "delta" : "message"]);
  if (said === undefined && (!streamed || asText(choice.finish_reason) === undefined)) return undefined;
  return {
    ...common,
    text: contentOf(said?.content),
    reasoning: asText(said?.reasoning_content) ?? asText(said?.reasoning),
    toolCalls: toolCallsOf(said?.tool_calls),
    finish: asText(choice.finish_reason),
    logprobs: choice.logprobs ?? undefined,
  };
}

/** Reads a text completion, or a chunk of a streamed one; undefined where it is neither. */
export function readTextCompletion(json: unknown, streamed: boolean): WirePiece | undefined {
  const answer = asRecord(json);
  const error = asText(answer?.error) ?? (answer?.error === undefined ? undefined : errorWords(answer));
  if (error !== undefined) return { error };
  const choices = asList(answer?.choices);
  if (answer === undefined || choices === undefined) return undefined;
  const choice = asRecord(choices[0]);
  if (choice === undefined) return streamed ? commonOf(answer) : undefined;
  const text = asText(choice.text);
  if (text === undefined && !streamed) return undefined;
  return {
    ...commonOf(answer),
    text,
    finish: asText(choice.finish_reason),
    logprobs: choice.logprobs ?? undefined,
  };
}

/** Tokens as OpenAI's protocol counts them; undefined where it does not. */
export function openAIUsage(value: unknown): WireUsage | undefined {
  const usage = asRecord(value);
  const input = asNumber(usage?.prompt_tokens);
  const output = asNumber(usage?.completion_tokens);
  if (input === undefined && output === undefined) return undefined;
  const cached = asNumber(asRecord(usage?.prompt_tokens_details)?.cached_tokens);
  return { input: input ?? 0, output: output ?? 0, cached };
}

const commonOf = (answer: Readonly<Record<string, unknown>>): WirePiece => ({
  usage: openAIUsage(answer.usage),
  model: asText(answer.model),
  fingerprint: asText(answer.system_fingerprint),
  id: asText(answer.id),
});

/** A text, or the texts among the parts of a content. */
function contentOf(content: unknown): string | undefined {
  const parts = asList(content);
  if (parts === undefined) return asText(content);
  return parts.map((part) => asText(asRecord(part)?.text) ?? "").join("");
}

function toolCallsOf(value: unknown): WireToolCall[] | undefined {
  // TGI streams one call where others stream a list of them
  const calls = asList(value) ?? (asRecord(value) === undefined ? undefined : [value]);
  return calls?.map((call, position) => {
    const { index, id, function: made } = asRecord(call) ?? {};
    const { name, arguments: args } = asRecord(made) ?? {};
    return {
      index: asNumber(index) ?? position,
      id: asText(id),
      name: asText(name),
      // TGI gives an object where others give its JSON
      args: asText(args) ?? (args === undefined || args === null ? undefined : JSON.stringify(args)),
    };
  });
}
