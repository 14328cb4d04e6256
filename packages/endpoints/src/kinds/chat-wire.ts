import type { Capabilities } from "@clew/core";
import type { BaseMessage } from "@langchain/core/messages";
import type { EndpointCallOptions } from "../endpoint-call-options.js";

/** Defaults of every request, as the user set them. */
export interface RequestDefaults {
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  readonly seed?: number | undefined;
}

/** What one call asks of a server. */
export interface WireCall {
  readonly messages: readonly BaseMessage[];
  /** Those of the call, over the defaults of the endpoint. */
  readonly options: EndpointCallOptions;
  readonly streamed: boolean;
}

/** A request as a protocol writes it. */
export interface WireRequest {
  /** Behind the base URL; begins with a slash. */
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One piece of an answer, or the whole of it. */
export interface WirePiece {
  readonly text?: string | undefined;
  readonly reasoning?: string | undefined;
  /** Arguments are JSON, whole or in pieces that add up. */
  readonly toolCalls?: readonly WireToolCall[] | undefined;
  readonly usage?: WireUsage | undefined;
  /** The server's word for why it ended: `stop`, `length`, `tool_calls`. */
  readonly finish?: string | undefined;
  /** The name by which the server says it served. */
  readonly model?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly id?: string | undefined;
  readonly logprobs?: unknown;
  /** The answer is whole: nothing must follow. */
  readonly done?: boolean | undefined;
  /** The server gave up, in its own words. */
  readonly error?: string | undefined;
}

/** A tool call, or a piece of one. */
export interface WireToolCall {
  readonly index: number;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly args?: string | undefined;
  /** Nothing of it comes later, and its index counts in this piece alone. */
  readonly whole?: boolean | undefined;
}

/** Tokens that the server counted. */
export interface WireUsage {
  readonly input: number;
  readonly output: number;
  /** Of the input, those read from a cache. */
  readonly cached?: number | undefined;
}

/** A protocol by which a server is spoken to. It makes requests and reads answers; it sends nothing. */
export interface ChatWire {
  /** What the protocol rules out or in, whatever model is served. */
  readonly known: Capabilities;
  /** How a streamed answer is framed. */
  readonly framing: "sse" | "ndjson";
  request(call: WireCall): Promise<WireRequest>;
  /**
   * Reads one piece of a streamed answer, or a whole one; undefined where it is not of this protocol.
   */
  read(json: unknown, streamed: boolean): WirePiece | undefined;
}
