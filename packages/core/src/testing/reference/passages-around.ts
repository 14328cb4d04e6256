import type { Passage } from "../../source/passage.js";

/** A passage and those around it: one on either side, or all in a row under the same headings, or on the same page. */
export function passagesAround(
  passage: Passage,
  siblings: readonly Passage[],
  unit: "neighbours" | "section" | "page",
): readonly Passage[] {
  const ordered = [...siblings].sort((a, b) => a.ordinal - b.ordinal);
  const at = ordered.findIndex(({ id }) => id === passage.id);
  const belongs = (index: number): boolean => {
    const other = ordered[index];
    if (other === undefined) return false;
    if (index === at) return true;
    if (unit === "neighbours") return Math.abs(index - at) <= 1;
    if (unit === "page") return passage.page !== undefined && other.page === passage.page;
    return JSON.stringify(other.headings) === JSON.stringify(passage.headings);
  };
  let [first, last] = [at, at];
  while (belongs(first - 1)) first--;
  while (belongs(last + 1)) last++;
  return ordered.slice(first, last + 1);
}
