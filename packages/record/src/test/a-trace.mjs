import { scope, sealTrace } from "@clew/core";

export const asker = scope("acme", { principals: ["amy"] });

/** A trace of some kilobytes, made of a run's id alone but for its salts. */
export function aTrace(run, size = 200) {
  const hits = [{ evidence: "E1", source: "s1", score: 1, title: `The secret of ${run}. `.repeat(size) }];
  const entries = [
    ["run", { question: `Who? (${run})` }],
    ["query", { hop: 1, query: "who" }],
    ["hits", { hop: 1, hits }],
    ["answer", { status: "answered", text: `Nobody in ${run}.` }],
  ].map(([kind, data], seq) => ({ seq, at: 1, kind, data }));
  return sealTrace({ run, entries, runtime: { now: () => 1 } });
}
