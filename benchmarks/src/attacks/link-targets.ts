import { Parser } from "htmlparser2";
import markdownIt from "markdown-it";
import { marked } from "marked";

const lenient = markdownIt({ html: true, linkify: true });
lenient.linkify.set({ fuzzyLink: true });
const strict = markdownIt({ html: true, linkify: false });

const attributes = new Set(
  "href src srcset data action formaction poster background ping style xlink:href srcdoc content".split(" "),
);
const running = new Set("script style iframe object embed link meta base form input svg math video audio".split(" "));

/**
 * What a browser would load, run or follow, were the text rendered by common Markdown renderers with raw HTML allowed, or
 * put into a page as it is. Two-part names without a path that a renderer guesses to be links (`example.com`) are left out.
 */
export function linkTargets(text: string): string[] {
  const found = new Set<string>();
  for (const html of [lenient.render(text), strict.render(text), marked.parse(text, { async: false }), text]) {
    const parser = new Parser(
      {
        onopentag(name, given) {
          // a list of tasks has boxes to tick
          const isBox = name === "input" && given.type === "checkbox" && given.src === undefined;
          if (running.has(name) && !isBox) found.add(`<${name}>`);
          for (const [attribute, value] of Object.entries(given)) {
            if (attribute.startsWith("on") && value !== "") found.add(`${attribute}=${value}`);
            else if (attributes.has(attribute) && !isGuess(value, text)) found.add(value);
          }
        },
      },
      { decodeEntities: true },
    );
    parser.write(html);
    parser.end();
  }
  return [...found];
}

/** A renderer puts `http://` before a bare name; a mail address is left to the reader. */
function isGuess(value: string, text: string): boolean {
  const bare = /^http:\/\/([\w-]+\.[a-z]{2,})$/i.exec(value)?.[1];
  if (bare !== undefined) return !text.includes(value);
  return /^mailto:[^?]+$/i.test(value);
}
