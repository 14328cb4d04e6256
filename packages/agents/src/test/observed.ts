import { context, propagation, type SpanContext, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** Everything that OpenTelemetry sees of this process. */
export interface Observed {
  /** Spans that have ended. */
  spans(): readonly ReadableSpan[];
  /** How many have not. */
  open(): number;
  reset(): void;
  close(): Promise<void>;
}

/** Registers OpenTelemetry as an application does, with its instrumentation of `fetch`, and gathers the spans in memory. */
export function observed(): Observed {
  const exporter = new InMemorySpanExporter();
  let open = 0;
  const counter = {
    onStart: () => void open++,
    onEnd: () => void open--,
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  const provider = new BasicTracerProvider({ spanProcessors: [counter, new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const fetches = new UndiciInstrumentation();
  fetches.setTracerProvider(provider);
  return {
    spans: () => exporter.getFinishedSpans(),
    open: () => open,
    reset: () => exporter.reset(),
    close: async () => {
      fetches.disable();
      trace.disable();
      context.disable();
      propagation.disable();
      await provider.shutdown();
    },
  };
}

/** A span with those that lie under it. */
export interface SpanTree {
  readonly span: ReadableSpan;
  readonly children: readonly SpanTree[];
}

/** The spans as trees, in the order in which they began. Throws where a parent is missing that is not one of those given. */
export function treesOf(spans: readonly ReadableSpan[], outer: readonly SpanContext[] = []): SpanTree[] {
  const key = ({ traceId, spanId }: SpanContext): string => `${traceId} ${spanId}`;
  const known = new Set(spans.map((span) => key(span.spanContext())));
  const around = new Set(outer.map(key));
  const under = grouped(spans, key);
  const grow = (span: ReadableSpan): SpanTree => ({
    span,
    children: (under.get(key(span.spanContext())) ?? []).map(grow),
  });
  return spans
    .filter(({ parentSpanContext: parent, name }) => {
      if (parent === undefined || around.has(key(parent))) return true;
      if (!known.has(key(parent))) throw new Error(`The parent of the span ${name} is unknown.`);
      return false;
    })
    .map(grow);
}

function grouped(spans: readonly ReadableSpan[], key: (at: SpanContext) => string): Map<string, ReadableSpan[]> {
  const under = new Map<string, ReadableSpan[]>();
  for (const span of spans) {
    const { parentSpanContext: parent } = span;
    if (parent === undefined) continue;
    under.set(key(parent), [...(under.get(key(parent)) ?? []), span]);
  }
  return under;
}
