import type { SourceId } from "../source/source.js";
import type { TraceText } from "./trace.js";

/** Texts without those that are of a source or may repeat it; the salts go with them. */
export function eraseTexts(
  texts: Readonly<Record<string, TraceText>>,
  source: SourceId,
): { readonly texts: Readonly<Record<string, TraceText>>; readonly erased: number } {
  const kept = Object.entries(texts).filter(
    ([, { sources, anySource }]) => anySource !== true && !sources.includes(source),
  );
  return { texts: Object.fromEntries(kept), erased: Object.keys(texts).length - kept.length };
}
