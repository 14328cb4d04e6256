/** Controls, and what turns the order of writing around or is not seen at all. */
const unseen = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;
/** `[7]`, `[1, 2]`, `[^3]`: what a reader would take for a reference mark of the report. */
const mark = /[[［]\s*\^?\s*(\p{Nd}[\p{Nd}\s,;–-]*)[\]］]/gu;
/** Characters that open Markdown, HTML, entities and formulas inside of a line. */
const inline = /[\\`*_[\]<>~$]|&(?=#|[a-z][a-z0-9]*;)/gi;
/** What makes a line a heading, a list, a quote, a rule or a code block. */
const opening = /^(?:[#+\-=:>]|(\d{1,9})(?=[.)]))/;

/**
 * A text of unknown hand as one line of Markdown that renders as what it is: it opens no heading, list, link, image, tag,
 * formula or entity, addresses in it are not made into links, and bracketed numbers take full-width brackets (`［7］`), so that
 * they do not look like the report's reference marks; `quoteForm` undoes that. Characters that nobody sees are left out.
 */
export function escapeMarkdown(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(unseen, "").trim();
  return line
    .replace(inline, (character) => (character === "[" || character === "]" ? character : `\\${character}`))
    .replace(mark, (_, numbers: string) => `［${numbers.trim()}］`)
    .replace(/[[\]]/g, "\\$&")
    .replace(/:(?=\/\/)|@(?=[\w-])/g, "\\$&")
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\\.`)
    .replace(opening, (found, digits: string | undefined) => (digits === undefined ? `\\${found}` : `${digits}\\`));
}
