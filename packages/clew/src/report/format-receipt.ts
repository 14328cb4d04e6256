import type { EraseReceipt } from "@clew/core";

/** A receipt of an erasure for people: a line for each place, and what is left to do. */
export function formatReceipt({ source, places, complete }: EraseReceipt): string {
  const lines = places.flatMap(({ place, removed, notes }) => {
    const counts = Object.entries(removed).map(([what, count]) => `${count} ${what}`);
    return [
      `  ${place}: ${counts.length === 0 ? "not done" : counts.join(", ")}`,
      ...notes.map(({ message }) => `    ${message}`),
    ];
  });
  return [`${complete ? "erased" : "NOT ALL ERASED"}: ${source}`, ...lines].join("\n");
}
