/**
 * Positions, from 0, of the passages that a model named, best first: the first naming of each counts, unknown ids are
 * passed over. Read is the last list `"order": […]`; without one, ids wherever they stand; without any, `[2] > [1]`, the
 * form of models trained to rank. What stands in `<think>` is no answer.
 *
 * @param count number of ids that exist: `E1` to `E<count>`
 */
export function parseOrder(answer: string, count: number): number[] {
  const said = answer.replace(/^[\s\S]*<\/think>/, "");
  const list = [...said.matchAll(/"order"\s*:\s*\[([^\]]*)\]/g)].at(-1)?.[1];
  const named = [...(list ?? said).matchAll(/\bE(\d{1,6})\b/g)];
  const ids = named.length > 0 || list !== undefined ? named : [...said.matchAll(/\[(\d{1,6})\]/g)];
  const positions = ids.map((match) => Number(match[1]) - 1);
  return [...new Set(positions)].filter((position) => position >= 0 && position < count);
}
