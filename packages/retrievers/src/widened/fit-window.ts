import type { Passage } from "@clew/core";

/** Passages in a row, in the order of their source. */
export interface Window {
  readonly passages: readonly Passage[];
  /** Whether passages were left out for want of room. */
  readonly isCut: boolean;
}

/** Options of {@link fitWindow}. */
export interface FitWindowOptions {
  /** The passage in the middle, whatever its length. */
  readonly id: string;
  /** It and those around it, in the order of the source. */
  readonly around: readonly Passage[];
  /** UTF-16 code units from the first to the last at most. */
  readonly maxCharacters: number;
  /** Passages that may not be taken. */
  readonly isBarred?: ((passage: Passage) => boolean) | undefined;
}

/**
 * The longest row around a passage that fits: the next behind it, the next before it, and so on; a side ends where the
 * next passage does not fit or is barred.
 *
 * @returns undefined where the passage is not among them
 */
export function fitWindow({ id, around, maxCharacters, isBarred }: FitWindowOptions): Window | undefined {
  const middle = around.findIndex((passage) => passage.id === id);
  if (middle < 0) return undefined;
  let [first, last] = [middle, middle];
  let [start, end] = around[middle]!.span;
  const open = { 1: true, [-1]: true };
  let isCut = false;
  const tryStep = (step: 1 | -1): void => {
    const next = around[step === 1 ? last + 1 : first - 1];
    if (next === undefined || isBarred?.(next) === true) {
      open[step] = false;
      return;
    }
    const [from, to] = [Math.min(start, next.span[0]), Math.max(end, next.span[1])];
    if (to - from > maxCharacters) {
      open[step] = false;
      isCut = true;
      return;
    }
    [start, end] = [from, to];
    if (step === 1) last += 1;
    else first -= 1;
  };
  for (let step: 1 | -1 = 1; open[1] || open[-1]; step = step === 1 ? -1 : 1) if (open[step]) tryStep(step);
  return { passages: around.slice(first, last + 1), isCut };
}

/** From the first start to the last end. */
export function spanOf(passages: readonly Passage[]): readonly [number, number] {
  const start = passages.reduce((least, { span }) => Math.min(least, span[0]), Number.POSITIVE_INFINITY);
  const end = passages.reduce((most, { span }) => Math.max(most, span[1]), 0);
  return [start, end];
}
