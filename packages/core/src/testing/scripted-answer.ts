import type { BaseMessage } from "@langchain/core/messages";

/** What a scripted model says. A text is `{ content: text }`; an error is thrown. */
export type ScriptedAnswer =
  | string
  | Error
  | {
      readonly content?: string | undefined;
      readonly toolCalls?: readonly ScriptedToolCall[] | undefined;
      /**
       * Structured output, in the form that the call asks for: arguments of the tool it forces, or JSON as content.
       */
      readonly json?: unknown;
      /** @default the words of the messages, and those of the answer */
      readonly usage?: { readonly inputTokens: number; readonly outputTokens: number } | undefined;
      /** Milliseconds before it answers, and between two chunks. @default 0 */
      readonly delayMs?: number | undefined;
      /** `length` for an answer that was cut off. @default "stop", "tool_calls" with tool calls */
      readonly finishReason?: string | undefined;
    };

/** A tool call of a scripted model. */
export interface ScriptedToolCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** @default `call-<number>` */
  readonly id?: string | undefined;
}

/** One call of a scripted model, as it arrived. */
export interface ScriptedRequest {
  readonly messages: readonly BaseMessage[];
  /** Names of the tools that are bound. */
  readonly tools: readonly string[];
  /** The tool that must be called, if one must. */
  readonly forced: string | undefined;
  /** `response_format` as it was bound, for JSON modes. */
  readonly responseFormat: unknown;
  readonly stop: readonly string[];
  /** The limit of its answer that was sent, in tokens; undefined without one. It is not kept to by itself. */
  readonly maxTokens: number | undefined;
  /** Whether the caller streams. */
  readonly streamed: boolean;
  /** Position among the calls, from 0. */
  readonly index: number;
}
