/**
 * What a span says of itself, under the names of OpenTelemetry's conventions where these have one. Never texts of
 * questions, passages or answers, and never keys. What is undefined is left out.
 */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** How a span begins. */
export interface SpanStart {
  /** What is done, such as `chat gpt-x`: one of few names, never a text. */
  readonly name: string;
  /** `client`: another process does it, as a rule. @default "internal" */
  readonly kind?: "client" | "internal" | undefined;
  readonly attributes?: SpanAttributes | undefined;
}

/** A span that is open. */
export interface OpenSpan {
  /** Makes spans under this one. */
  readonly spans: Spans;
  set(attributes: SpanAttributes): void;
  /**
   * Texts, by attribute. Called only where the user wants them recorded; each text goes through `clean`, which is the
   * user's redaction.
   */
  texts(read: (clean: (text: string) => string) => Readonly<Record<string, string>>): void;
  /** Marks it as failed, for failures that are handed back and not thrown. */
  failed(error: unknown): void;
}

/** Makes spans: what a run did when, and what did it on whose behalf. */
export interface Spans {
  /**
   * Does work within a span, which is the active one meanwhile: what the work sends over instrumented clients lies under it.
   * The span ends with the work; what the work rejects with marks it and is handed on.
   */
  within<T>(start: SpanStart, work: (span: OpenSpan) => Promise<T>): Promise<T>;
}

const nowhere: Spans = { within: (_, work) => work(unseen) };
const unseen: OpenSpan = {
  spans: nowhere,
  set: () => undefined,
  texts: () => undefined,
  failed: () => undefined,
};

/** Does work within a span of a call, or just does it where nobody looks. */
export const spanned = <T>(
  call: { readonly spans?: Spans | undefined } | undefined,
  start: () => SpanStart,
  work: (span: OpenSpan) => Promise<T>,
): Promise<T> => (call?.spans === undefined ? work(unseen) : call.spans.within(start(), work));
