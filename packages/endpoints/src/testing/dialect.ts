import type { EndpointSaying } from "@clew/core/testing";

/** A request for a model's answer, whatever protocol it came in. */
export interface ModelCall {
  readonly model: string | undefined;
  /** The conversation; a completed text is one user message. */
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools: readonly { readonly name: string; readonly parameters: unknown }[];
  /** The tool that must be called. */
  readonly forced: string | undefined;
  /** The form that is asked for: a JSON schema, or `json` for any JSON. */
  readonly form: "json" | { readonly schema: object } | undefined;
  readonly logprobs: boolean;
  readonly streamed: boolean;
  /** It asks for usage in the stream. */
  readonly wantsUsage: boolean;
  readonly maxTokens: number | undefined;
  /** It completes a text. */
  readonly completion: boolean;
}

/** What a model behind a test server answers: something said, or a refusal of the server. */
export type ModelAnswer =
  | (EndpointSaying & {
      readonly logprobs?: boolean | undefined;
      /** Tokens are counted. @default true */
      readonly counted?: boolean | undefined;
      /** The name by which it says it served. @default the one asked for */
      readonly model?: string | undefined;
      /** Answers as a whole where a stream was asked for. @default false */
      readonly unstreamed?: boolean | undefined;
    })
  | { readonly refused: number; readonly message: string };

/** The part of an answer that is said. */
export type Said = Exclude<ModelAnswer, { refused: number }>;

/** How a server writes and reads; what it says is not its matter. */
export interface Dialect {
  /** The call that a request is; undefined where it is for another page. */
  understand(path: string, body: unknown): ModelCall | undefined;
  /** An answer as a whole. */
  whole(said: Said, call: ModelCall): object;
  /** A streamed answer, frame by frame, the last of them what marks its end. */
  frames(said: Said, call: ModelCall): readonly string[];
  /** An answer in form with nothing in it. */
  empty(call: ModelCall): { readonly whole: object; readonly frames: readonly string[] };
  /** How a refusal is written. */
  refusal(status: number, message: string): object;
  /** Another page of the server; undefined where there is none. */
  page(path: string, body: unknown): object | undefined;
  readonly contentType: string;
  /** A frame as it travels. @default UTF-8 */
  readonly encode?: ((frame: string) => Uint8Array) | undefined;
}

/** Tokens of a test server: words. */
export const countWords = (text: string): number => text.match(/\S+/g)?.length ?? 0;

/** A text in pieces of a few characters, never within a surrogate pair. */
export function pieces(text: string): string[] {
  const characters = [...text];
  const cut: string[] = [];
  for (let at = 0; at < characters.length; at += 5) cut.push(characters.slice(at, at + 5).join(""));
  return cut;
}

/** Tokens of a call. */
export const promptTokens = (call: ModelCall): number =>
  call.messages.reduce((sum, { content }) => sum + countWords(content), 0);

/** Tokens of an answer. */
export const answerTokens = ({ text = "", toolCall }: Said): number =>
  countWords(text) + (toolCall === undefined ? 0 : countWords(JSON.stringify(toolCall.args)));
