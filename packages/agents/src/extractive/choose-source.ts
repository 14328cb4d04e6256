import type { SourceDescription } from "@clew/core";
import type { Analyzer } from "@clew/core/text";

/** A source is chosen when it fits so many times better than the next. */
const clearly = 2;

/**
 * The source whose name and description share the most with a question, terms weighed by their rarity among the sources
 * (`ln(1 + (n - df + 0.5) / (df + 0.5))`, as in BM25). Undefined, which means all of them, unless it is at least twice as
 * good as the next: a question that fits none, or two alike, is asked everywhere.
 */
export function chooseSource(
  question: string,
  sources: readonly SourceDescription[],
  analyzer: Analyzer,
): string | undefined {
  if (sources.length < 2) return sources[0]?.name;
  const held = sources.map(({ name, about }) => new Set(analyzer.terms(`${name.replace(/[_-]/g, " ")} ${about}`)));
  const asked = new Set(analyzer.terms(question));
  const scores = sources.map(({ name }, index) => {
    let score = 0;
    for (const term of asked) {
      const holders = held.filter((terms) => terms.has(term)).length;
      // what all sources hold tells nothing
      if (held[index]!.has(term) && holders < sources.length) {
        score += Math.log(1 + (sources.length - holders + 0.5) / (holders + 0.5));
      }
    }
    return { name, score };
  });
  const [best, next] = scores.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  return best!.score > 0 && best!.score >= clearly * next!.score ? best!.name : undefined;
}
