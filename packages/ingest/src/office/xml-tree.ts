import { Parser } from "htmlparser2";

/** An XML element. Names are local: `a:t` is `t`. */
export interface XmlElement {
  readonly name: string;
  /** By local name, but for those in the relationships namespace, which keep their `r:`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

/**
 * Parses XML into a tree with htmlparser2, which expands no entity but the five of XML and numbers: a document type
 * cannot make it larger or open a file. Broken XML is read as far as it goes.
 *
 * @returns a root without a name that holds the document's element
 */
export function xmlTree(xml: string): XmlElement {
  const root = { name: "", attributes: {}, children: [] as (XmlElement | string)[] };
  const open = [root];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        const element = { name: local(name), attributes: localNames(attributes), children: [] };
        open.at(-1)!.children.push(element);
        open.push(element);
      },
      ontext(text) {
        open.at(-1)!.children.push(text);
      },
      onclosetag() {
        open.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.write(xml.replace(/^\ufeff/, ""));
  parser.end();
  return root;
}

const local = (name: string): string => name.slice(name.indexOf(":") + 1);

const localNames = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.startsWith("r:") ? name : local(name), value]),
  );

/** Every element below with one of the names, in document order; what is inside a match is not searched. */
export function findElements(element: XmlElement, ...names: readonly string[]): XmlElement[] {
  const found: XmlElement[] = [];
  const waiting: (XmlElement | string)[] = [...element.children].reverse();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === "string") continue;
    if (names.includes(next.name)) found.push(next);
    else for (let at = next.children.length - 1; at >= 0; at--) waiting.push(next.children[at]!);
  }
  return found;
}

/** The text below, in document order. */
export function textOf(element: XmlElement): string {
  const parts: string[] = [];
  const waiting: (XmlElement | string)[] = [element];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === "string") parts.push(next);
    else for (let at = next.children.length - 1; at >= 0; at--) waiting.push(next.children[at]!);
  }
  return parts.join("");
}
