import type { Span } from "../source/span.js";
import { charClass, charClassAt } from "./char-class.js";

const dot = ".".charCodeAt(0);

/**
 * Parts of one run of letters and digits: cut where the case changes (`CamelCase`, `XMLHttp`), between letters and
 * numbers (`3.5kg`, `covid19`), and between the numbers of `1.2.3` (which itself is a part of `v1.2.3`).
 * Single letters are left out, and so is a plain number behind one: `B12` has no parts.
 *
 * @returns spans in UTF-16 code units, in order of their start, none where the run is of one piece
 */
export function innerParts(text: string, start: number, end: number): Span[] {
  const parts: Span[] = [];
  let from = start;
  for (let i = start + 1; i <= end; i++) {
    if (i < end && !cutsBefore(text, i, start, end)) continue;
    parts.push([from, i]);
    from = i;
  }
  const kept: Span[] = [];
  for (const [index, [partStart, partEnd]] of parts.entries()) {
    const isNumber = charClassAt(text, partStart) === charClass.digit;
    const numbers = isNumber ? dottedNumbers(text, partStart, partEnd) : [];
    if (!isNumber && partEnd - partStart === 1) continue;
    if (parts.length > 1) {
      const before = index > 0 ? parts[index - 1]! : undefined;
      const behindOneLetter = isNumber && before !== undefined && before[1] - before[0] === 1;
      if (!behindOneLetter || numbers.length > 1) kept.push([partStart, partEnd]);
    }
    if (numbers.length > 2) kept.push(...numbers);
  }
  return kept;
}

function cutsBefore(text: string, index: number, start: number, end: number): boolean {
  const here = charClassAt(text, index);
  if (here === 0 || here === charClass.mark) return false;
  let previous = index - 1;
  while (previous > start && charClassAt(text, previous) === charClass.mark) previous--;
  const before = charClassAt(text, previous);
  if (before === 0) return false;
  if (before === charClass.letter && here === charClass.upper) return true;
  if (before === charClass.upper && here === charClass.upper) {
    // XMLHttp is cut before Http, but NASAs not before As
    return index + 2 < end && charClassAt(text, index + 1) === charClass.letter;
  }
  return (before === charClass.digit) !== (here === charClass.digit);
}

function dottedNumbers(text: string, start: number, end: number): Span[] {
  const numbers: Span[] = [];
  let from = start;
  for (let i = start; i <= end; i++) {
    if (i < end && text.charCodeAt(i) !== dot) continue;
    numbers.push([from, i]);
    from = i + 1;
  }
  return numbers;
}
