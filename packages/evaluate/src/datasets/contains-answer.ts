/**
 * SQuAD's normalisation: lower case, no punctuation, no articles, single spaces.
 *
 * @see Rajpurkar et al., "SQuAD", EMNLP 2016, evaluation script
 */
export const normaliseAnswer = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[!-/:-@[-`{-~]/g, "")
    .replace(/\b(?:a|an|the)\b/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "")
    .join(" ");

/** Whether a text holds the gold answer, both normalised, at word boundaries. */
export function containsAnswer(text: string, answer: string): boolean {
  const wanted = normaliseAnswer(answer);
  return wanted !== "" && ` ${normaliseAnswer(text)} `.includes(` ${wanted} `);
}
