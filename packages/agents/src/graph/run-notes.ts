import type { JsonValue, Note } from "@clew/core";

/** Plain JSON of a value whose type may hold undefined fields. */
export const plain = (data: unknown): JsonValue => JSON.parse(JSON.stringify(data)) as JsonValue;

/** Options of {@link runNotes}. */
export interface RunNotesOptions {
  /** Those of the nodes before. */
  readonly notes: readonly Note[];
  /** Tells of a note that is new. */
  emit(event: { readonly type: "note"; readonly note: Note }): void;
  record(kind: "note", data: Note): Promise<void>;
}

/** The notes of a run, each once: a new one is told and recorded. */
export function runNotes({ notes, emit, record }: RunNotesOptions): {
  keep(added: Note): Promise<void>;
  list(): Note[];
} {
  const kept: Note[] = [...notes];
  return {
    keep: async (added) => {
      if (kept.some(({ code, message }) => code === added.code && message === added.message)) return;
      kept.push(added);
      emit({ type: "note", note: added });
      await record("note", added);
    },
    list: () => [...kept],
  };
}
