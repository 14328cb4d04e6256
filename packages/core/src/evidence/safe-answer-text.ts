import { type Note, note } from "../run/note.js";
import { removeHtmlLinks } from "./html-links.js";
import { type LinkPolicy, linkPolicy } from "./link-policy.js";
import { removeInlineLinks, removeReferenceLinks } from "./markdown-links.js";

/** An answer's text without links that lead elsewhere than to its sources. */
export interface SafeAnswerText {
  readonly text: string;
  /** `link-removed`, one for each link, image or active tag that was taken out. */
  readonly notes: readonly Note[];
}

/** What stands where a bare address stood: it has no label. */
const placeholder = "(link removed)";
const maxRounds = 8;
const maxShown = 200;

const autolink = /<([a-z][a-z0-9+.-]{1,31}:(?!:)[^\s<>]*)>/gi;
/** Ends of names that mail programs and Markdown renderers take for addresses without a scheme. */
const domains =
  "com|net|org|io|dev|app|info|biz|xyz|site|online|cloud|page|link|club|shop|top|live|me|ai|co|sh|so|to|ly|gg|cc|tv|eu|uk|us|de|fr|ru|cn|in|br|jp|nl|it|es|pl|ch|at|be|se|no|fi|dk|cz|ua|ca|au|nz|kr|ir";
const hostParts = "[a-z0-9-]{1,63}\\.";
const named = new RegExp(
  `(?<![\\w@./:-])(?:\\/\\/(?:${hostParts}){1,8}[a-z]{2,24}(?![\\w-])[^\\s<>[\\]"\`|\\\\^{}]*|(?:${hostParts}){1,8}(?:${domains})(?::\\d{1,5})?[/?#][^\\s<>[\\]"\`|\\\\^{}]+|(?:${hostParts}){2,8}(?:${domains})(?![\\w-]))`,
  "gi",
);
const address =
  /(?:[a-z][a-z0-9+.-]{0,30}:\/\/|www\.)[^\s<>[\]"`|\\^{}]+|(?:javascript|vbscript):[^\s<>]+|(?<![a-z0-9])data:(?:[\w+.-]{1,60}\/[\w+.-]{1,60})?[;,][^\s<>]+/gi;

/**
 * Makes the text of an answer safe to render: links and images (Markdown inline and by reference, HTML, autolinks, bare
 * addresses) stay only where their target is the address of a cited source, exactly, or of a page of it (`#page=3`). Others
 * become their label, bare addresses "(link removed)", those without a scheme too where they have a path or three parts.
 * Tags that load or run something go, their text stays. What a passage smuggled into an answer can so neither call home nor
 * lead a reader away.
 *
 * Code is no exception: renderers differ in what they take for code. Plain e-mail addresses stay, and names of two parts such as
 * `example.com`, which are names of companies too.
 *
 * @param uris addresses of the sources that the answer cites
 */
export function safeAnswerText(text: string, uris: Iterable<string>): SafeAnswerText {
  const notes: Note[] = [];
  const policy = linkPolicy(uris, (target) => {
    const shown = target.length > maxShown ? `${target.slice(0, maxShown - 1)}…` : target;
    notes.push(
      note("link-removed", `A link to "${shown}" was removed: it is no source of this answer.`, { target: shown }),
    );
  });
  let current = text;
  // what is removed may leave a new link behind ("[a][](x)(y)"), so again until nothing changes
  for (let round = 0; round < maxRounds; round++) {
    const structured = removeInlineLinks(removeReferenceLinks(removeHtmlLinks(current, policy), policy), policy);
    const next = structured === current ? removeBareLinks(current, policy) : structured;
    if (next === current) return { text: current, notes };
    current = next;
  }
  policy.remove("(links nested without end)");
  return { text: removeBareLinks(current.replace(/[[\]<>]/g, ""), policy), notes };
}

function removeBareLinks(text: string, policy: LinkPolicy): string {
  const { isCited, remove } = policy;
  const withoutAutolinks = text.replace(autolink, (whole, target: string) => {
    if (isCited(target)) return whole;
    remove(target);
    return placeholder;
  });
  return removeMatches(removeMatches(withoutAutolinks, address, policy), named, policy);
}

function removeMatches(text: string, pattern: RegExp, { isCited, remove }: LinkPolicy): string {
  let kept = "";
  let at = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const target = withoutTail(match[0]);
    const end = match.index + Math.max(target.length, 1);
    pattern.lastIndex = end;
    if (!/:|\./.test(target) || isCited(target)) continue;
    remove(target);
    kept += text.slice(at, match.index) + placeholder;
    at = end;
  }
  return kept + text.slice(at);
}

/** An address ends before the punctuation of its sentence, and before a bracket that it did not open. */
function withoutTail(found: string): string {
  let depth = 0;
  let end = 0;
  for (; end < found.length; end++) {
    if (found[end] === "(") depth++;
    else if (found[end] === ")" && --depth < 0) break;
  }
  while (end > 0 && "?!.,:;*_~'".includes(found[end - 1]!)) end--;
  return found.slice(0, end);
}
