import type { Runtime } from "../run/runtime.js";

const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";
const markerLength = 12;
const maxDraws = 8;

/** A marker that no text holds. Chance alone would do; the count at the end makes it certain. */
export function drawMarker(runtime: Pick<Runtime, "random">, texts: readonly string[]): string {
  const isFree = (marker: string): boolean => !texts.some((text) => text.includes(marker));
  let marker = "";
  for (let draw = 0; draw < maxDraws; draw++) {
    marker = Array.from({ length: markerLength }, () => alphabet[Math.floor(runtime.random() * alphabet.length)]).join(
      "",
    );
    if (isFree(marker)) return marker;
  }
  let count = 1;
  while (!isFree(`${marker}-${count}`)) count++;
  return `${marker}-${count}`;
}
