import type { JsonObject } from "@clew/core";
import type { BaseMessage } from "@langchain/core/messages";

/** Settings of one request, by the names of this library. */
export interface BodySettings {
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
  readonly stop: readonly string[];
  /** LoRA adapter that shall answer. */
  readonly adapter: string | undefined;
  /** Name in the body's `model` field. */
  readonly model: string | undefined;
  /** Further parameters, as the container names them. */
  readonly parameters: JsonObject;
  readonly stream: boolean;
  readonly streamUsage: boolean;
  readonly tools: readonly unknown[] | undefined;
  readonly toolChoice: unknown;
  readonly responseFormat: unknown;
  /** Makes one prompt of a conversation, for containers that take text. */
  readonly prompt: (messages: readonly PromptMessage[]) => string;
}

/** A message as a prompt template sees it. */
export interface PromptMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** Part of a tool call, as LangChain's chunks have it. */
export interface ToolPiece {
  readonly index: number;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly args?: string | undefined;
}

/** What one JSON value of an answer says. */
export interface BodyPiece {
  readonly text?: string | undefined;
  /** The text as a whole, where a container repeats it at the end. */
  readonly whole?: string | undefined;
  readonly tools?: readonly ToolPiece[] | undefined;
  readonly finish?: string | undefined;
  readonly usage?: { readonly input: number; readonly output: number } | undefined;
  /** Model that says it answered. */
  readonly model?: string | undefined;
  /** What went wrong, in a stream that had begun. */
  readonly error?: string | undefined;
}

/** How a container is spoken to. */
export interface BodyStyle {
  readonly name: "messages" | "tgi" | "djl";
  /** Whether it takes tools. */
  readonly tools: boolean;
  /** Whether every stream ends with a sign of its end, so that one without it was cut. */
  readonly marksEnd: boolean;
  body(messages: readonly BaseMessage[], settings: BodySettings): Record<string, unknown>;
  /** Undefined when the value is not of this style. */
  read(value: unknown): BodyPiece | undefined;
}

/** An object of unknown fields, or undefined. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/** The value when it is a text. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The error that a container reports in its body, as text. */
export function errorOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const { error, error_type: type, code } = fields;
  if (error === undefined || error === null) return undefined;
  const said = textOf(error) ?? textOf(fieldsOf(error)?.message) ?? JSON.stringify(error);
  return [textOf(type), typeof code === "number" ? String(code) : undefined, said].filter(Boolean).join(": ");
}
