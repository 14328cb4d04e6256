import { Tokenizer } from "htmlparser2";
import { breathe } from "../event-loop.js";
import { htmlWriter } from "./html-writer.js";
import type { HtmlText } from "./written-html.js";

/** Options of {@link htmlText}. */
export interface HtmlTextOptions {
  /** Leaves out navigation, footers and what is hidden. */
  readonly mainOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

const chunkLength = 65_536;
const voidElements = new Set("area base br col embed hr img input link meta source track wbr".split(" "));

/**
 * Makes text of HTML in one pass over its tokens: linear in its length and flat in memory, however deep or broken the
 * page is.
 */
export async function htmlText(html: string, { mainOnly, signal }: HtmlTextOptions): Promise<HtmlText> {
  const writer = htmlWriter({ mainOnly });
  let depth = 0;
  let deepest = 0;
  let tag = "";
  let attributes: Record<string, string> = {};
  let attribute = "";
  let value = "";

  const openTag = (selfClosing: boolean): void => {
    writer.open(tag, attributes);
    if (voidElements.has(tag)) return;
    // an <svg/> is closed; a <div/> is not, says HTML
    if (selfClosing && (tag === "svg" || tag === "math")) writer.close(tag);
    else deepest = Math.max(deepest, ++depth);
  };
  const noop = (): void => undefined;
  const tokenizer = new Tokenizer(
    { xmlMode: false, decodeEntities: true },
    {
      onopentagname(start, end) {
        tag = html.slice(start, end).toLowerCase();
        attributes = {};
      },
      onattribname(start, end) {
        attribute = html.slice(start, end).toLowerCase();
        value = "";
      },
      onattribdata(start, end) {
        value += html.slice(start, end);
      },
      onattribentity(codepoint) {
        value += String.fromCodePoint(codepoint);
      },
      onattribend() {
        if (kept.has(attribute) && !(attribute in attributes)) attributes[attribute] = value;
      },
      onopentagend: () => openTag(false),
      onselfclosingtag: () => openTag(true),
      onclosetag(start, end) {
        const name = html.slice(start, end).toLowerCase();
        if (voidElements.has(name)) return;
        depth = Math.max(0, depth - 1);
        writer.close(name);
      },
      ontext: (start, end) => writer.text(html.slice(start, end)),
      ontextentity: (codepoint) => writer.text(String.fromCodePoint(codepoint)),
      oncdata: noop,
      oncomment: noop,
      ondeclaration: noop,
      onprocessinginstruction: noop,
      onend: noop,
    },
  );
  for (let start = 0; start < html.length; start += chunkLength) {
    if (start > 0) await breathe(signal);
    tokenizer.write(html.slice(start, start + chunkLength));
  }
  tokenizer.end();
  return { ...writer.end(), depth: deepest };
}

const kept = new Set(["lang", "hidden", "role", "aria-hidden", "start", "xml:lang"]);
