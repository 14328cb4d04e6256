import type { Explain, Hit } from "@clew/core";

/** Why a hit stands where it stands, a line a reason, nested by stage. */
export function formatExplain({ explain }: Hit, indent = "     "): string[] {
  return lines(explain).map((line) => `${indent}${line}`);
}

function lines(explain: Explain): string[] {
  switch (explain.kind) {
    case "leg":
      return explain.leg === "dense"
        ? [`dense: rank ${explain.rank}, cosine ${number(explain.cosine)}`]
        : [
            `lexical: rank ${explain.rank}`,
            ...explain.terms.map(
              ({ term, tf, df, score }) => `  ${term}: ${number(score)} (occurs ${number(tf)}×, in ${df} passages)`,
            ),
          ];
    case "fused":
      return [
        `fused by ${explain.method}`,
        ...explain.parts.flatMap(({ name, rank, score, gain, explain: inner }) => [
          `  ${name}: +${number(gain)} (${rank === undefined ? "not ranked" : `rank ${rank}`}${score === undefined ? "" : `, score ${number(score)}`})`,
          ...(inner === undefined ? [] : lines(inner).map((line) => `    ${line}`)),
        ]),
      ];
    case "linked":
      return [
        "linked",
        ...explain.path.map(({ from, to, kind, words }) => `  ${from} → ${to} by ${kind} “${words}”`),
        ...Object.entries(explain.features).map(([name, value]) => `  ${name}: ${number(value)}`),
        ...(explain.before === undefined ? [] : lines(explain.before)),
      ];
    case "reranked":
      return [
        `${explain.reranker}: ${explain.score === undefined ? "not reached in time" : number(explain.score)}, was rank ${explain.rankBefore}`,
        ...lines(explain.before),
      ];
    case "other":
      return [
        `${explain.name} ${JSON.stringify(explain.detail)}`,
        ...(explain.before === undefined ? [] : lines(explain.before)),
      ];
  }
}

const number = (value: number): string => String(Number(value.toPrecision(4)));
