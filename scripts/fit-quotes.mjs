// node scripts/fit-quotes.mjs --data DIR,DIR --skip 200,200 --free votes,fresh: weights by which the extractive policy quotes,
// tried on questions outside the draw of `benchmark agent`. See benchmarks/README.md.
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { ensureReady, main, root } from "./workspace.mjs";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    // questions of each folder that are left alone: the first in the order of the seed
    skip: { type: "string", default: "200" },
    seed: { type: "string", default: "7" },
    hops: { type: "string", default: "1,4" },
    // weights to move; none only reports
    free: { type: "string", default: "" },
    steps: { type: "string", default: "1,0.6,0.3" },
  },
});
/** What a step away from the weights of today must bring at least, per unit: small gains are noise. */
const inertia = 0.001;
const quotes = 4;

const sum = (features, trial, names) =>
  Object.keys(names).reduce((score, name) => score + trial[name] * features[name], 0);
const pick = (trial, names) => Object.fromEntries(Object.keys(names).map((name) => [name, trial[name]]));
const percent = (share) => `${(100 * share).toFixed(1)} %`;

await main(async () => {
  if (values.data === undefined) throw new Error("--data is missing: BEIR folders with answers, comma-separated.");
  await ensureReady();
  const from = (path) => import(join(root, path));
  const { featureWeights } = await from("packages/agents/dist/extractive/rank-sentences.js");
  const { chooseQuotes, choiceWeights } = await from("packages/agents/dist/extractive/choose-quotes.js");
  const { rankByRound } = await from("packages/agents/dist/extractive/rank-by-round.js");
  const sets = await gather(from, rankByRound);
  const start = { ...featureWeights, ...choiceWeights };

  const holds = ({ ranked, gold, weights, mentions }, trial) => {
    const scored = ranked.map((one) => ({ ...one, score: sum(one.features, trial, featureWeights) }));
    scored.sort((a, b) => b.score - a.score || a.passage - b.passage || a.sentence.position - b.sentence.position);
    const chosen = chooseQuotes(scored, { weights, mentions, count: quotes, choice: pick(trial, choiceWeights) });
    return chosen.some(({ sentence }) => gold.has(sentence.text));
  };
  const shares = (trial, fold) =>
    sets.map(({ limits }) =>
      limits.map((cases) => {
        const asked = cases.filter((_, index) => fold === undefined || index % 2 === fold);
        return asked.filter((one) => holds(one, trial)).length / Math.max(1, asked.length);
      }),
    );
  const worth = (trial, fold) => {
    const moved = Object.keys(start).reduce((far, name) => far + Math.abs(trial[name] - start[name]), 0);
    const all = shares(trial, fold).flat();
    return all.reduce((a, b) => a + b, 0) / all.length - inertia * moved;
  };
  const show = (what, trial, fold) => {
    const told = shares(trial, fold).map((set, index) => `${sets[index].name} ${set.map(percent).join(" / ")}`);
    console.log(`${what}: ${told.join(", ")}`);
  };

  const free = values.free.split(",").filter((name) => name !== "");
  const unknown = free.find((name) => !(name in start));
  if (unknown !== undefined) throw new Error(`--free ${unknown}: the weights are ${Object.keys(start).join(", ")}.`);
  const search = (fold) => {
    let [best, bestWorth] = [start, worth(start, fold)];
    for (const step of values.steps.split(",").map(Number)) {
      for (const name of free) {
        for (const by of [step, -step]) {
          const trial = { ...best, [name]: best[name] + (name === "leastCover" ? by / 10 : by) };
          const now = worth(trial, fold);
          if (now > bestWorth) [best, bestWorth] = [trial, now];
        }
      }
    }
    return best;
  };
  const told = (trial) => free.map((name) => `${name} ${start[name]} → ${Number(trial[name].toFixed(2))}`).join(", ");

  show("as it is", start);
  if (free.length === 0) return;
  // what a search on one half brings on the other: without a gain here, that on all is chance
  for (const fold of [0, 1]) {
    const found = search(fold);
    console.log(`\nfitted on half ${fold + 1}: ${told(found)}`);
    show("the other half before", start, 1 - fold);
    show("the other half after", found, 1 - fold);
  }
  const found = search(undefined);
  console.log(`\nfitted on all: ${told(found)}`);
  show("all", found);
});

/** Every question with the sentences of its evidence, for each limit of hops. */
async function gather(from, rankByRound) {
  const agents = await from("packages/agents/dist/index.js");
  const { analyzer: makeAnalyzer } = await from("packages/core/dist/text/index.js");
  const { containsAnswer, shuffled } = await from("packages/evaluate/dist/index.js");
  const { miniLM } = await from("packages/local/dist/index.js");
  const { linked } = await from("packages/retrievers/dist/index.js");
  const { openDataset } = await from("benchmarks/dist/open-dataset.js");
  const { evidenceReader } = await from("packages/agents/dist/extractive/read-evidence.js");
  const { mentions: mentionsAmong } = await from("packages/agents/dist/extractive/mentions.js");
  const { readQuestion } = await from("packages/agents/dist/extractive/read-question.js");
  const { termWeights } = await from("packages/agents/dist/extractive/term-weights.js");
  const analyzer = makeAnalyzer();
  const read = evidenceReader(analyzer);
  const skips = values.skip.split(",").map(Number);
  const limits = values.hops.split(",").map(Number);
  const embedder = miniLM();
  const sets = [];
  for (const [place, folder] of values.data.split(",").entries()) {
    const { dataset, view, close } = await openDataset(folder, { embedder });
    const agent = agents.createRetrievalAgent({ retriever: linked(view), budget: { hops: Math.max(...limits) } });
    const quotable = dataset.queries.filter(
      ({ answer }) => answer !== undefined && !/^(?:yes|no)$/i.test(answer.trim()),
    );
    const cases = limits.map(() => []);
    for (const { text, answer } of shuffled(quotable, Number(values.seed)).slice(skips[place] ?? skips[0])) {
      const { evidence, hops } = await agent.ask(text);
      const question = readQuestion(text, analyzer);
      for (const [at, limit] of limits.entries()) {
        const asked = new Set(hops.filter(({ hop }) => hop <= limit).map(({ query }) => query));
        const seen = evidence
          .filter(({ hop }) => hop <= limit)
          .map((one) => ({ ...one, queries: one.queries.filter((query) => asked.has(query)) }));
        const passages = seen.map(read);
        const weights = termWeights(
          question,
          passages.filter((_, index) => seen[index].hop === 1),
        );
        const mentions = mentionsAmong(passages);
        const ranked = rankByRound(passages, { question, weights, mentions, evidence: seen });
        const gold = new Set(
          ranked.map(({ sentence }) => sentence.text).filter((sentence) => containsAnswer(sentence, answer)),
        );
        cases[at].push({ ranked, gold, weights, mentions });
      }
    }
    sets.push({ name: basename(folder), limits: cases });
    await close();
  }
  await embedder.close();
  return sets;
}
