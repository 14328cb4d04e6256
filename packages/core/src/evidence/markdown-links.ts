import type { LinkPolicy } from "./link-policy.js";

/** Deepest nesting of round brackets in an address, as in CommonMark's reference parser. */
const maxNesting = 32;

const definition =
  /^((?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t])*)\[(?!\^)((?:\\[\s\S]|[^\]\\[]){1,999})\]:[ \t]*\n?[ \t]*(<[^<>\n]*>|[^\s<]\S*)([ \t]*(?:\n[ \t]*)?(?:"[^"]*"|'[^']*'|\([^()]*\)))?[ \t]*$/gm;
const reference = /!?\[([^[\]]{0,999})\] ?\[([^[\]]{0,999})\]/g;

/** Turns links and images of reference style (`[label][ref]` … `[ref]: address`) into their labels where the address is not cited. */
export function removeReferenceLinks(text: string, { isCited, remove }: LinkPolicy): string {
  const gone = new Set<string>();
  const defined = text.replace(definition, (whole, before: string, label: string, target: string, title = "") => {
    const address = bare(target);
    if (isCited(address)) return whole;
    remove(address);
    gone.add(key(label));
    return `${before}${label}: ${address}${title}`;
  });
  if (gone.size === 0) return text;
  return defined.replace(reference, (whole, label: string, ref: string) =>
    gone.has(key(ref === "" ? label : ref)) ? label : whole,
  );
}

/** Turns links and images of inline style (`[label](address "title")`) into their labels where the address is not cited. */
export function removeInlineLinks(text: string, { isCited, remove }: LinkPolicy): string {
  const open: number[] = [];
  const cuts: (readonly [start: number, end: number])[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "\\") at++;
    else if (character === "[") open.push(at);
    else if (character === "]") {
      const start = open.pop();
      const found = text[at + 1] === "(" ? destination(text, at + 2) : undefined;
      if (found === undefined) continue;
      if (!isCited(found.address)) {
        remove(found.address);
        if (start !== undefined) cuts.push([text[start - 1] === "!" ? start - 1 : start, start + 1]);
        cuts.push([at, found.end]);
      }
      at = found.end - 1;
    }
  }
  return without(text, cuts);
}

interface Destination {
  readonly address: string;
  /** Behind the closing bracket. */
  readonly end: number;
}

const title = /[ \t\n]+(?:"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'|\((?:\\[\s\S]|[^()\\])*\))/y;

function destination(text: string, from: number): Destination | undefined {
  const start = skipSpace(text, from);
  let end = start;
  if (text[start] === "<") {
    end = start + 1;
    while (end < text.length && !"<>\n".includes(text[end]!)) end += text[end] === "\\" ? 2 : 1;
    if (text[end] !== ">") return undefined;
    end++;
  } else {
    let depth = 0;
    for (; end < text.length && !/\s/.test(text[end]!); end++) {
      if (text[end] === "\\") end++;
      else if (text[end] === "(" && ++depth > maxNesting) return undefined;
      else if (text[end] === ")" && --depth < 0) break;
    }
  }
  const address = bare(text.slice(start, end));
  title.lastIndex = end;
  if (title.test(text)) end = title.lastIndex;
  end = skipSpace(text, end);
  return text[end] === ")" ? { address, end: end + 1 } : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at++;
  return at;
}

function without(text: string, cuts: readonly (readonly [start: number, end: number])[]): string {
  let kept = "";
  let at = 0;
  for (const [start, end] of [...cuts].sort((a, b) => a[0] - b[0])) {
    kept += text.slice(at, start);
    at = Math.max(at, end);
  }
  return kept + text.slice(at);
}

const bare = (target: string): string => {
  const inner = target.startsWith("<") && target.endsWith(">") ? target.slice(1, -1) : target;
  return inner.replace(/\\([!-/:-@[-`{-~])/g, "$1");
};

const key = (label: string): string => label.trim().replace(/\s+/g, " ").toLowerCase();
