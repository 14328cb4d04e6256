import { findElements, textOf, type XmlElement } from "./xml-tree.js";

/** What one shape of a slide says. */
export type SlidePart =
  | { readonly kind: "title" | "text"; readonly paragraphs: readonly string[] }
  | { readonly kind: "table"; readonly rows: readonly (readonly string[])[] };

/** The parts of a slide or notes page, in the order of the file; slide numbers, dates and footers are left out. */
export function slideParts(slide: XmlElement): SlidePart[] {
  return findElements(slide, "sp", "graphicFrame", "Fallback").flatMap((shape): SlidePart[] => {
    // a Fallback repeats its alternative for old programs
    if (shape.name === "Fallback") return [];
    const rows = findElements(shape, "tr").map((row) =>
      findElements(row, "tc").map((cell) => paragraphs(cell).join(" ")),
    );
    if (rows.length > 0) return [{ kind: "table", rows }];
    const role = findElements(shape, "ph")[0]?.attributes.type ?? "";
    if (/^(?:sldNum|dt|ftr|hdr|sldImg)$/.test(role)) return [];
    const text = paragraphs(shape);
    if (text.length === 0) return [];
    return [{ kind: role === "title" || role === "ctrTitle" ? "title" : "text", paragraphs: text }];
  });
}

function paragraphs(element: XmlElement): string[] {
  return findElements(element, "p").flatMap((paragraph) => {
    const text = findElements(paragraph, "t", "br", "tab")
      .map((run) => (run.name === "t" ? textOf(run) : " "))
      .join("")
      .replace(/\s+/g, " ")
      .trim();
    return text === "" ? [] : [text];
  });
}
