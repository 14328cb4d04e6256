/** One message as an engine reads it: plain text. */
export interface PromptMessage {
  readonly role: "system" | "user" | "assistant";
  readonly text: string;
}

/** A JSON schema, unread. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What the text that is written must be. */
export type OutputFormat =
  | { readonly kind: "text" }
  /** Any JSON object. */
  | { readonly kind: "json" }
  | { readonly kind: "schema"; readonly schema: JsonSchema };

/** A completion that an engine is asked for. */
export interface CompletionRequest {
  readonly model: string;
  readonly messages: readonly PromptMessage[];
  readonly format: OutputFormat;
  /** Most tokens to write. */
  readonly maxTokens: number;
  /** 0 always takes the likeliest token. */
  readonly temperature: number;
  readonly topP: number;
  readonly seed?: number | undefined;
  /** Texts that end the completion; they are not part of it. */
  readonly stop: readonly string[];
}

/** What an engine wrote. */
export interface Completion {
  readonly text: string;
  /** `length`: it was cut off at `maxTokens`. */
  readonly finish: "stop" | "length";
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** How a completion is carried out. */
export interface CompleteOptions {
  /** Ends the work; `complete` then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Called with each piece of text, in order; the pieces together are `Completion.text`. */
  readonly onText: (text: string) => void;
}

/** What writes behind the HTTP layer: a real model, or a scripted one in tests. It is asked for one thing at a time. */
export interface CompletionEngine {
  /** Names of the models that it serves. */
  readonly models: readonly string[];
  /**
   * @throws ApiError for a request that it cannot carry out
   */
  complete(request: CompletionRequest, options: CompleteOptions): Promise<Completion>;
  close(): Promise<void>;
}
