/** HTML that was made here. Whatever else comes into a page comes in as text. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: texts are escaped, markup made by a template stands as it is. */
export type MarkupPart = string | number | Markup | readonly Markup[];

/** A template of HTML: every value that is no markup is escaped, in texts and in quoted attributes alike. */
export function html(written: TemplateStringsArray, ...values: readonly MarkupPart[]): Markup {
  let markup = written[0]!;
  for (const [index, value] of values.entries()) {
    markup += typeof value === "object" ? partsOf(value).join("") : escapeText(String(value));
    markup += written[index + 1]!;
  }
  return { markup };
}

const partsOf = (value: Markup | readonly Markup[]): string[] =>
  "markup" in value ? [value.markup] : value.map(({ markup }) => markup);

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
// controls, what turns the direction of writing, what is not to be seen, and halves of pairs; line ends and tabs stand
const unseen = /[\p{Cc}\p{Bidi_Control}\p{Cs}\u200b\u2028\u2029\ufeff\ufffe\uffff]/gu;

/** A text as a reader is to see it: what would be unseen, or turn the writing around, by its number: `⟨U+202E⟩`. */
export const visible = (text: string): string =>
  text.replace(unseen, (character) =>
    character === "\n" || character === "\t"
      ? character
      : `⟨U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );

const escapeText = (text: string): string => visible(text).replace(/[&<>"']/g, (mark) => entities[mark]!);

/** JSON for a data block: no `<` in it, so nothing in it can end the block or begin a comment. */
export const jsonBlock = (value: unknown): Markup => ({
  markup: JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  ),
});
