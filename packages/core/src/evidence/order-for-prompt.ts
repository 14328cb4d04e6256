/**
 * Puts the best at both ends of a prompt, where long-context models read best, and the weakest in the middle: of
 * 1, 2, 3, 4, 5 it makes 1, 3, 5, 4, 2. A new list; nothing is renamed or left out.
 *
 * @param bestFirst hits, evidence or anything else, best first
 * @see Liu et al., "Lost in the Middle: How Language Models Use Long Contexts", TACL 2024
 */
export function orderForPrompt<T>(bestFirst: readonly T[]): T[] {
  const head = bestFirst.filter((_, index) => index % 2 === 0);
  const tail = bestFirst.filter((_, index) => index % 2 === 1);
  return [...head, ...tail.reverse()];
}
