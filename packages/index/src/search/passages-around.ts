import type { Passage } from "@clew/core";

/** Reads a passage of the same source by its ordinal; undefined behind the ends. */
export type PassageAt = (ordinal: number) => Passage | undefined;

/** A passage and those around it: one on either side, or all in a row under the same headings, or on the same page. */
export function passagesAround(passage: Passage, at: PassageAt, unit: "neighbours" | "section" | "page"): Passage[] {
  const belongs = (other: Passage): boolean => {
    if (unit === "neighbours") return Math.abs(other.ordinal - passage.ordinal) <= 1;
    if (unit === "page") return passage.page !== undefined && touches(other, passage.page);
    return JSON.stringify(other.headings) === JSON.stringify(passage.headings);
  };
  const walk = (step: 1 | -1): Passage[] => {
    const found: Passage[] = [];
    for (let ordinal = passage.ordinal + step; ; ordinal += step) {
      const other = at(ordinal);
      if (other === undefined || !belongs(other)) return found;
      found.push(other);
    }
  };
  return [...walk(-1).reverse(), passage, ...walk(1)];
}

const touches = ({ page, pageBreaks = [] }: Passage, wanted: number): boolean =>
  page === wanted || pageBreaks.some((begins) => begins.page === wanted);
