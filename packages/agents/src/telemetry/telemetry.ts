import type { OpenSpan, SpanAttributes, SpanStart, Spans } from "@clew/core";

/** A span that is open until it is ended. */
export interface BegunSpan extends OpenSpan {
  /** Does something while it is the active one. */
  active<T>(work: () => T): T;
  /** Ends it; the first call counts. */
  end(): void;
}

/** How a span begins that is ended elsewhere. */
export interface BeginOptions extends SpanStart {
  /** What every span under it says too. */
  readonly shared?: SpanAttributes | undefined;
}

/** Where the runs of an agent show: made by `openTelemetry`, or by whoever has spans of another kind. */
export interface Telemetry {
  /**
   * Remembers what is active where it is called, for work that begins later. Spans of `spans` lie under that; so does the
   * one that `begin` makes, whose own `spans` lie directly under it wherever they are made.
   */
  here(): { readonly spans: Spans; begin(start: BeginOptions): BegunSpan };
}
