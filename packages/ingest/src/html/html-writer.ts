import { textBuilder } from "../source-text-builder.js";
import { htmlTable } from "./html-table.js";
import { runningText } from "./running-text.js";
import type { HtmlText } from "./written-html.js";

/** Takes the tokens of a page and writes its text. Tags need not match. */
export interface HtmlWriter {
  open(tag: string, attributes: Readonly<Record<string, string>>): void;
  close(tag: string): void;
  text(data: string): void;
  end(): Omit<HtmlText, "depth">;
}

const set = (names: string): ReadonlySet<string> => new Set(names.split(" "));
const silent = set(
  "script style template noscript svg math iframe object canvas audio video select textarea button datalist",
);
const chrome = set("nav footer");
const chromeRoles = set("navigation contentinfo search banner");
const blockLevel = set(
  "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form header hr html main nav p section summary tbody td th tr ul ol li",
);
const longestHeading = 1000;

/** Makes an {@link HtmlWriter}. */
export function htmlWriter({ mainOnly }: { mainOnly: boolean }): HtmlWriter {
  const builder = textBuilder();
  let title = "";
  let firstHeading = "";
  let language: string | undefined;
  let inTitle = false;
  let skipped: { tag: string; depth: number } | undefined;
  let heading: { level: number; text: string } | undefined;
  let pre: string | undefined;
  const running = runningText();
  const lists: { ordered: boolean; next: number }[] = [];
  const table = htmlTable(builder);

  const isHidden = (tag: string, attributes: Readonly<Record<string, string>>): boolean =>
    silent.has(tag) ||
    (mainOnly &&
      (chrome.has(tag) ||
        ("hidden" in attributes && attributes.hidden !== "until-found") ||
        attributes["aria-hidden"] === "true" ||
        chromeRoles.has(attributes.role ?? "")));

  const flush = (): void => builder.paragraph(running.take());
  function endHeading(): void {
    if (heading === undefined) return;
    const { level, text } = heading;
    heading = undefined;
    if (text.length > longestHeading) builder.paragraph(text);
    else {
      builder.heading(level, text);
      if (firstHeading === "") firstHeading = text;
    }
  }
  function endPre(): void {
    if (pre === undefined) return;
    builder.block(pre);
    pre = undefined;
  }
  function newBlock(): void {
    if (lists.length > 0) running.newLine();
    else flush();
  }

  return {
    open(tag, attributes) {
      if (skipped !== undefined) {
        if (tag === skipped.tag) skipped.depth++;
        return;
      }
      if (tag === "html" || tag === "body") language ??= languageTag(attributes.lang ?? attributes["xml:lang"]);
      if (tag === "title") {
        inTitle = true;
        return;
      }
      if (isHidden(tag, attributes)) {
        skipped = { tag, depth: 1 };
        return;
      }
      if (pre !== undefined) {
        if (tag === "br") pre += "\n";
        return;
      }
      const level = /^h([1-6])$/.exec(tag)?.[1];
      if (level !== undefined || tag === "table" || tag === "pre") {
        endHeading();
        flush();
        if (tag === "table") table.open();
        else table.leave(); // a table with headings or code in it is there for the layout
        if (level !== undefined) heading = { level: Number(level), text: "" };
        if (tag === "pre") pre = "";
        return;
      }
      if (table.isOpen && table.openPart(tag)) {
        flush();
        return;
      }
      if (heading !== undefined) {
        if (tag === "p" || tag === "ul" || tag === "ol") endHeading();
        else {
          heading.text += blockLevel.has(tag) || tag === "br" ? " " : "";
          return;
        }
      }
      if (table.inCell) {
        if (blockLevel.has(tag) || tag === "br") table.text(" ");
        return;
      }
      if (tag === "br") running.newLine();
      else if (tag === "ul" || tag === "ol") {
        newBlock();
        lists.push({ ordered: tag === "ol", next: Number.parseInt(attributes.start ?? "1", 10) || 1 });
      } else if (tag === "li") {
        const list = lists.at(-1);
        const indent = "  ".repeat(Math.min(8, Math.max(0, lists.length - 1)));
        running.item(`${indent}${list?.ordered === true ? `${list.next++}.` : "-"} `);
      } else if (blockLevel.has(tag)) newBlock();
    },
    close(tag) {
      if (skipped !== undefined) {
        if (tag === skipped.tag && --skipped.depth === 0) skipped = undefined;
        return;
      }
      if (tag === "title") inTitle = false;
      else if (/^h[1-6]$/.test(tag)) endHeading();
      else if (tag === "pre") endPre();
      else if (pre !== undefined) return;
      else if (tag === "table") {
        table.closePart(tag);
        flush();
      } else if (table.isOpen && table.closePart(tag)) return;
      else if (heading !== undefined || table.inCell) this.text(blockLevel.has(tag) ? " " : "");
      else if (tag === "ul" || tag === "ol") {
        lists.pop();
        newBlock();
      } else if (blockLevel.has(tag)) newBlock();
    },
    text(data) {
      if (skipped !== undefined) return;
      const clean = data.replaceAll("\u00ad", "").replaceAll("\u200b", "");
      if (inTitle) title += clean;
      else if (pre !== undefined) pre += clean;
      else if (heading !== undefined) heading.text += clean;
      else if (table.inCell) table.text(clean);
      else running.add(clean);
    },
    end() {
      endHeading();
      endPre();
      table.end();
      flush();
      const found = title.replace(/\s+/g, " ").trim();
      return {
        title: found === "" ? firstHeading : found,
        language,
        build: (source) => builder.build(language === undefined ? { source } : { source, language }),
      };
    },
  };
}

function languageTag(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales(written.trim())[0];
  } catch {
    // no language tag; a wrong one is worse than none
    return undefined;
  }
}
