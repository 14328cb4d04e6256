import type { Note } from "../run/note.js";

/** What a model of this library leaves in the `response_metadata` of an answer, or of one chunk of a streamed one. */
export interface ServedMetadata {
  /** What really served: a name, or its parts. */
  readonly served:
    | string
    | {
        readonly kind: string;
        readonly model: string;
        /** The model that an adapter stands on. */
        readonly adapterOf?: string | undefined;
        readonly revision?: string | undefined;
      };
  /** Requests that were sent for it; more than 1 where some were repeated or another model took over. @default 1 */
  readonly requests?: number | undefined;
  /** Fallbacks, repetitions and waits. @default none */
  readonly notes?: readonly Note[] | undefined;
}

/** The same, read. */
export interface ServedBy {
  /** `kind:model`, with ` on BASE` of an adapter and `@REVISION` where known; undefined where the model says nothing. */
  readonly served: string | undefined;
  readonly requests: number;
  readonly notes: readonly Note[];
}

/** Reads what an answer, or a chunk of one, says of who served it. Of a stream: take each chunk's, and add up. */
export function servedBy({ response_metadata = {} }: { readonly response_metadata?: object | undefined }): ServedBy {
  const { served, requests, notes } = response_metadata as Partial<Record<keyof ServedMetadata, unknown>>;
  return {
    served: nameOfServed(served),
    requests: typeof requests === "number" && requests >= 0 ? requests : served === undefined ? 0 : 1,
    notes: Array.isArray(notes) ? notes.filter(isNote) : [],
  };
}

function nameOfServed(served: unknown): string | undefined {
  if (typeof served === "string") return served === "" ? undefined : served;
  if (typeof served !== "object" || served === null) return undefined;
  const { kind, model, adapterOf, revision } = served as Record<string, unknown>;
  if (typeof kind !== "string" || typeof model !== "string") return undefined;
  const base = typeof adapterOf === "string" ? ` on ${adapterOf}` : "";
  return `${kind}:${model}${base}${typeof revision === "string" ? `@${revision}` : ""}`;
}

const isNote = (value: unknown): value is Note =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Note).code === "string" &&
  typeof (value as Note).message === "string";
