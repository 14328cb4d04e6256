import type { ReadableSource } from "../source/source-input.js";
import { aSourceText, type SourceTextFields } from "./a-source.js";

/**
 * A source that can be synced, of a text or of the fields of `aSourceText`; id `s1` unless one is given. Its version is
 * a hash of all that is given, so a change of any field is a new version.
 */
export function sourceInput(fields: string | SourceTextFields): ReadableSource {
  const text = aSourceText(typeof fields === "string" ? { text: fields } : fields);
  return {
    id: text.source.id,
    version: text.source.version,
    read: async ({ signal }) => {
      signal?.throwIfAborted();
      return { text, notes: [] };
    },
  };
}

/** Several of them: those without an id are called `s1`, `s2`, … by their place. */
export const sourceInputs = (sources: readonly (string | SourceTextFields)[]): ReadableSource[] =>
  sources.map((source, index) =>
    sourceInput({ id: `s${index + 1}`, ...(typeof source === "string" ? { text: source } : source) }),
  );
