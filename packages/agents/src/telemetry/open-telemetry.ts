import {
  checkKeys,
  invalidOption,
  loadOptional,
  type OpenSpan,
  redact,
  type SpanAttributes,
  type Spans,
} from "@clew/core";
import type * as Api from "@opentelemetry/api";
import { errorType } from "./error-type.js";
import type { BeginOptions, BegunSpan, Telemetry } from "./telemetry.js";

/** Options of {@link openTelemetry}. */
export interface OpenTelemetryOptions {
  /** Makes the spans. @default the global provider's, under the name `@clew/agents` */
  tracer?: Api.Tracer | undefined;
  /**
   * Whether questions, prompts, answers and queries are recorded: as they are, or as a function makes them that takes out
   * what nobody is to see. Prompts hold passages. @default false: no text enters a span
   */
  content?: boolean | ((text: string) => string) | undefined;
}

/** The conventions that the spans follow; those for generative models are in development. */
const schemaUrl = "https://opentelemetry.io/schemas/1.41.0";

/**
 * Shows the runs of an agent as OpenTelemetry spans, by the semantic conventions for generative AI, version 1.41:
 * `invoke_agent`, below it the graph's nodes by name, in these `chat`, `retrieval`, `embeddings` and `rerank`. While a model
 * is asked its span is the active one, so that instrumented HTTP clients nest theirs in it and hand its identity on. Without a
 * registered provider it does nothing.
 *
 * @throws ClewError `invalid-option`, `missing-package` without `@opentelemetry/api`
 * @see https://github.com/open-telemetry/semantic-conventions/tree/v1.41.0/docs/gen-ai
 */
export async function openTelemetry(options: OpenTelemetryOptions = {}): Promise<Telemetry> {
  checkKeys("openTelemetry", options, ["tracer", "content"]);
  const { content = false } = options;
  if (typeof content !== "boolean" && typeof content !== "function") {
    throw invalidOption("content", "true, false or a function that redacts a text", content);
  }
  if (options.tracer !== undefined && typeof options.tracer.startSpan !== "function") {
    throw invalidOption("tracer", "a tracer of OpenTelemetry");
  }
  const api = await loadOptional({
    name: "@opentelemetry/api",
    neededBy: "openTelemetry",
    load: () => import("@opentelemetry/api"),
  });
  const tracer = options.tracer ?? api.trace.getTracerProvider().getTracer("@clew/agents", undefined, { schemaUrl });
  const clean = typeof content === "function" ? content : (text: string) => text;
  const kinds = { client: api.SpanKind.CLIENT, internal: api.SpanKind.INTERNAL };

  const failed = (span: Api.Span, error: unknown): void => {
    span.setAttribute("error.type", errorType(error));
    span.setStatus({
      code: api.SpanStatusCode.ERROR,
      ...(content === false ? {} : { message: clean(redact(error instanceof Error ? error.message : String(error))) }),
    });
  };
  const openSpan = (span: Api.Span, spans: Spans): OpenSpan => ({
    spans,
    set: (attributes) => void span.setAttributes(known(attributes)),
    texts: (read) => {
      if (content !== false && span.isRecording()) span.setAttributes(read(clean));
    },
    failed: (error) => failed(span, error),
  });
  /** What is active lies under the parent, in the same trace, unless nobody keeps track or it is not this run's. */
  const nearest = (parent: Api.Context): Api.Context => {
    const active = api.context.active();
    const [near, far] = [active, parent].map((context) => api.trace.getSpanContext(context));
    return near !== undefined && (far === undefined || near.traceId === far.traceId) ? active : parent;
  };

  /** @param exact whether they lie directly under the parent, whatever is active */
  const under = (parent: Api.Context, exact: boolean, shared: SpanAttributes): Spans => ({
    within: async ({ name, kind = "internal", attributes = {} }, work) => {
      const from = exact ? parent : nearest(parent);
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes: known({ ...shared, ...attributes }) }, from);
      const inside = api.trace.setSpan(from, span);
      try {
        return await api.context.with(inside, () => work(openSpan(span, under(inside, false, shared))));
      } catch (error) {
        failed(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
  });
  return {
    here: () => {
      const around = api.context.active();
      return {
        spans: under(around, false, {}),
        begin: ({ name, kind = "internal", attributes = {}, shared = {} }: BeginOptions): BegunSpan => {
          const span = tracer.startSpan(
            name,
            { kind: kinds[kind], attributes: known({ ...shared, ...attributes }) },
            around,
          );
          const inside = api.trace.setSpan(around, span);
          return {
            ...openSpan(span, under(inside, true, shared)),
            active: (work) => api.context.with(inside, work),
            end: () => span.end(),
          };
        },
      };
    },
  };
}

/** The attributes that are known. */
const known = (attributes: SpanAttributes): Api.Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined)) as Api.Attributes;
