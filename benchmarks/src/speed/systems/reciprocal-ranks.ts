const rankConstant = 60;

/** Fuses rankings of ids by reciprocal rank, as users write it for stores without a hybrid search. */
export function reciprocalRanks(rankings: readonly (readonly string[])[], k: number): string[] {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    for (const [index, id] of ranking.entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (rankConstant + index + 1));
  }
  return [...scores]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, k)
    .map(([id]) => id);
}
