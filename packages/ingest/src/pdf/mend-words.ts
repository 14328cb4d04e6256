import type { Words } from "./join-hyphens.js";

/**
 * Closes a gap that a PDF's letter spacing tore before the last letter of a word ("Cash Flow s"): only where the whole
 * word occurs elsewhere in the document, and, for a letter that is a word by itself, the piece before it does not.
 */
export function mendWords(text: string, known: Words): { readonly text: string; readonly mended: number } {
  let mended = 0;
  const whole = text.replace(
    /(?<![\p{L}\p{M}'’-])(\p{L}{3,}) (\p{Ll})(?![\p{L}\p{M}\p{N})'’-]|\.\p{L})/gu,
    (torn, head, last) => {
      if (!known.has(head + last) || (/[aeiouyàéèáóú]/.test(last) && known.has(head))) return torn;
      mended++;
      return head + last;
    },
  );
  return { text: whole, mended };
}
