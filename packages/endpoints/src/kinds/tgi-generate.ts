import type { EndpointCallOptions, ResponseFormat } from "../endpoint-call-options.js";
import { type ChatTemplate, plainTemplate } from "./chat-template.js";
import type { ChatWire, WirePiece } from "./chat-wire.js";
import { asList, asNumber, asRecord, asText } from "./read-json.js";
import { stopsOf } from "./text-completion.js";

/** What TGI's own protocol is told. */
export interface TgiGenerateOptions {
  readonly template?: ChatTemplate | undefined;
  /** Adapter that serves, of those that the server was started with. */
  readonly adapter?: string | undefined;
}

/** TGI's own protocol, `/generate` and `/generate_stream`, with its guided decoding. */
export const tgiGenerate = ({ template, adapter }: TgiGenerateOptions): ChatWire => ({
  known: { tools: false },
  framing: "sse",
  request: async ({ messages, options, streamed }) => ({
    path: streamed ? "/generate_stream" : "/generate",
    body: {
      inputs: (template ?? plainTemplate)(messages),
      parameters: {
        details: true,
        decoder_input_details: false,
        return_full_text: false,
        ...parametersOf(options, template),
        ...(adapter === undefined ? {} : { adapter_id: adapter }),
      },
    },
  }),
  read,
});

function parametersOf(options: EndpointCallOptions, template: ChatTemplate | undefined): object {
  const { maxTokens, temperature, seed, stop, grammar, response_format: format } = options;
  const guided = grammar === undefined ? tgiGrammar(format) : { type: "regex", value: grammar };
  const stops = stopsOf(stop, template);
  return {
    ...(maxTokens === undefined ? {} : { max_new_tokens: maxTokens }),
    // TGI refuses a temperature of 0: greedy decoding is what it means
    ...(temperature === undefined ? {} : temperature === 0 ? { do_sample: false } : { do_sample: true, temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(stops.length === 0 ? {} : { stop: stops }),
    ...(guided === undefined ? {} : { grammar: guided }),
  };
}

/** A form as TGI's guided decoding takes it. */
export function tgiGrammar(format: ResponseFormat | undefined): object | undefined {
  if (format === undefined || format.type === "text") return undefined;
  return { type: "json", value: format.type === "json_schema" ? format.json_schema.schema : { type: "object" } };
}

const reasons: Readonly<Record<string, string>> = { eos_token: "stop", stop_sequence: "stop", length: "length" };

function read(json: unknown, streamed: boolean): WirePiece | undefined {
  // some hosts wrap the one answer into a list
  const answer = asRecord(asList(json)?.[0] ?? json);
  if (answer === undefined) return undefined;
  const error = asText(answer.error);
  if (error !== undefined) return { error };
  const details = asRecord(answer.details);
  const finish = asText(details?.finish_reason);
  const output = asNumber(details?.generated_tokens);
  const prefill = asList(details?.prefill)?.length;
  const input = asNumber(details?.input_length) ?? (prefill === undefined || prefill === 0 ? undefined : prefill);
  const ended: WirePiece = {
    finish: finish === undefined ? undefined : (reasons[finish] ?? finish),
    // TGI counts the prompt's tokens in streams alone; half a count would pass for a whole one
    usage: output === undefined || input === undefined ? undefined : { input, output },
  };
  if (!streamed) {
    const text = asText(answer.generated_text);
    return text === undefined ? undefined : { ...ended, text, logprobs: details?.tokens };
  }
  const token = asRecord(answer.token);
  if (token === undefined) return undefined;
  const last = asText(answer.generated_text) !== undefined;
  return {
    ...(last ? { ...ended, finish: ended.finish ?? "stop", done: true } : {}),
    text: token.special === true ? undefined : asText(token.text),
  };
}
