import { type Citation, checkKeys, invalidOption, type Note, note, type StructuredAnswer } from "@clew/core";
import { pointerOf } from "./pointer.js";

/** Options of {@link answerToXml}. */
export interface AnswerToXmlOptions {
  /** Name of the root element. @default "answer" */
  root?: string | undefined;
}

/** An answer as XML. */
export interface AnswerXml {
  readonly xml: string;
  /** `x-xml-characters` where characters were removed that XML cannot hold. */
  readonly notes: readonly Note[];
}

const nameStart = "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF";
const name = new RegExp(`^[${nameStart}][${nameStart}0-9.\\u00B7-]*$`);
const notInName = new RegExp(`[^${nameStart}0-9.\\u00B7-]`, "gu");
/** All but what XML 1.0 can hold; lone surrogates are no characters. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * Writes the object of a structured answer as XML 1.0:
 *
 * ```xml
 * <answer status="answered" valid="true">
 *   <value>
 *     <revenue verdict="supported" cites="c1">383285000000</revenue>
 *     <goodwill verdict="missing" nil="true"/>
 *   </value>
 *   <citations>
 *     <citation id="c1" evidence="E2" source="report.txt" title="…" start="120" end="168" line="4">the quote</citation>
 *   </citations>
 * </answer>
 * ```
 *
 * The items of a list are repeated elements of its name, those of a list in a list are named `item`. A name that XML cannot hold is
 * changed, and stands in the attribute `name` as it was. Everything is escaped; characters that XML cannot hold are removed,
 * with a note.
 *
 * @throws ClewError `invalid-option` for a root that is no name
 */
export function answerToXml<T>(answer: StructuredAnswer<T>, options: AnswerToXmlOptions = {}): AnswerXml {
  checkKeys("answerToXml", options, ["root"]);
  const { root = "answer" } = options;
  if (!name.test(root) || /^xml/i.test(root)) throw invalidOption("root", "the name of an XML element", root);
  let removed = 0;
  const clean = (text: string): string =>
    text.replace(forbidden, () => {
      removed += 1;
      return "";
    });
  const text = (value: unknown): string => clean(String(value)).replace(/[&<>\r]/g, (char) => entities[char]!);
  const attributes = (pairs: readonly (readonly [string, unknown])[]): string =>
    pairs
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}="${clean(String(value)).replace(/[&<>"'\r\n\t]/g, (char) => entities[char]!)}"`)
      .join("");

  const cited = new Map<string, { readonly id: string; readonly citation: Citation }>();
  const idOf = (citation: Citation): string => {
    const key = JSON.stringify([citation.evidence, citation.span]);
    const known = cited.get(key) ?? { id: `c${cited.size + 1}`, citation };
    cited.set(key, known);
    return known.id;
  };

  const lines: string[] = [];
  const write = (key: string, value: unknown, path: readonly (string | number)[], indent: string): void => {
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) {
        if (Array.isArray(item)) {
          const tag = nameOf(key);
          lines.push(`${indent}<${tag}${attributes([["name", tag === key ? undefined : key]])}>`);
          write("item", item, [...path, at], `${indent}  `);
          lines.push(`${indent}</${tag}>`);
        } else write(key, item, [...path, at], indent);
      }
      return;
    }
    const tag = nameOf(key);
    const named = ["name", tag === key ? undefined : key] as const;
    if (typeof value === "object" && value !== null) {
      lines.push(`${indent}<${tag}${attributes([named])}>`);
      for (const [inner, part] of Object.entries(value)) write(inner, part, [...path, inner], `${indent}  `);
      lines.push(`${indent}</${tag}>`);
      return;
    }
    const field = answer.fields[pointerOf(path)];
    const cites = field?.citations.map(idOf).join(" ");
    const own = attributes([named, ["verdict", field?.verdict], ["cites", cites === "" ? undefined : cites]]);
    if (value === null || value === undefined) lines.push(`${indent}<${tag}${own} nil="true"/>`);
    else lines.push(`${indent}<${tag}${own}>${text(value)}</${tag}>`);
  };

  lines.push('<?xml version="1.0" encoding="UTF-8"?>');
  lines.push(
    `<${root}${attributes([
      ["status", answer.status],
      ["valid", answer.valid],
    ])}>`,
    "  <value>",
  );
  for (const [key, value] of Object.entries(answer.value as object)) write(key, value, [key], "    ");
  lines.push("  </value>", "  <citations>");
  for (const { id, citation } of cited.values()) {
    const { evidence, source, title, uri, span, page, line } = citation;
    const own = attributes([
      ["id", id],
      ["evidence", evidence],
      ["source", source],
      ["title", title],
      ["uri", uri],
      ["start", span[0]],
      ["end", span[1]],
      ["page", page],
      ["line", line],
    ]);
    lines.push(`    <citation${own}>${text(citation.quote)}</citation>`);
  }
  lines.push("  </citations>", `</${root}>`, "");
  const many = removed === 1 ? "One character" : `${removed} characters`;
  const notes =
    removed === 0 ? [] : [note("x-xml-characters", `${many} that XML cannot hold were removed.`, { removed })];
  return { xml: lines.join("\n"), notes };
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** A name that XML can hold: `2023 sales` is `_2023_sales`. Names that begin with "xml" belong to XML. */
function nameOf(key: string): string {
  const plain = key.replace(notInName, "_");
  return name.test(plain) && !/^xml/i.test(plain) ? plain : `_${plain}`;
}
