// node bench/lexical-defaults.mjs FOLDER…: what k1, b, the title's weight, repeated query terms and term proximity do to
// BM25 on BEIR folders (nDCG@10 and recall@5, in %). Questions are shuffled with seed 1; both halves are shown: choose on
// the first, believe the second.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { analyzer } from "@clew/core/text";

const english = analyzer();
const lines = (file) => readFileSync(file, "utf8").trim().split("\n");
const base = { k1: 1.2, b: 0.75, title: 1, qtf: "distinct", near: 0 };
const variants = {
  default: base,
  "k1 .9, b .4": { ...base, k1: 0.9, b: 0.4 },
  "k1 1.5": { ...base, k1: 1.5 },
  "b .5": { ...base, b: 0.5 },
  "title .5": { ...base, title: 0.5 },
  "title 1.5": { ...base, title: 1.5 },
  "title 2": { ...base, title: 2 },
  "title 3": { ...base, title: 3 },
  all: { ...base, qtf: "all" },
  "k3 1": { ...base, qtf: 1 },
  "k3 2": { ...base, qtf: 2 },
  "k3 4": { ...base, qtf: 4 },
  "k3 8": { ...base, qtf: 8 },
  "near .25": { ...base, near: 0.25 },
  "near .5": { ...base, near: 0.5 },
  "near 1": { ...base, near: 1 },
};

// Fisher-Yates over mulberry32, as `shuffled` of @clew/evaluate
function shuffled(items, seed) {
  const copy = [...items];
  let state = seed >>> 0;
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other], copy[last]];
  }
  return copy;
}

function load(folder) {
  const docs = lines(join(folder, "corpus.jsonl")).map((line) => JSON.parse(line));
  const postings = new Map();
  const lengths = docs.map((doc, at) =>
    [doc.title ?? "", doc.text].map((field, f) => {
      const terms = english.terms(field);
      for (const term of terms) {
        const list = postings.get(term) ?? [];
        if (list.length === 0) postings.set(term, list);
        if (list.at(-1)?.[0] !== at) list.push([at, 0, 0]);
        list.at(-1)[f + 1]++;
      }
      return terms.length;
    }),
  );
  const totals = [0, 1].map((field) => lengths.reduce((sum, each) => sum + each[field], 0));
  const qrels = new Map();
  for (const line of lines(join(folder, "qrels.tsv")).slice(1)) {
    const [query, doc, grade] = line.split("\t");
    if (!qrels.has(query)) qrels.set(query, new Map());
    qrels.get(query).set(doc, Number(grade));
  }
  const queries = lines(join(folder, "queries.jsonl"))
    .map((line) => JSON.parse(line))
    .filter(({ _id }) => [...(qrels.get(_id)?.values() ?? [])].some((grade) => grade > 0));
  return { docs, postings, lengths, totals, qrels, queries, positions: new Map() };
}

function positionsOf({ docs, positions }, at) {
  if (!positions.has(at)) positions.set(at, english.analyze(docs[at].text));
  return positions.get(at);
}

/** Rasolofo and Savoy, "Term proximity scoring for keyword-based retrieval systems", 2003: pairs within 5 words. */
function nearness(set, at, weights, average, { k1, b }) {
  const found = positionsOf(set, at).filter(({ term }) => weights.has(term));
  const pairs = new Map();
  for (let i = 0; i < found.length; i++) {
    for (let j = i + 1; j < found.length && found[j].position - found[i].position <= 5; j++) {
      if (found[i].term === found[j].term) continue;
      const distance = Math.max(1, found[j].position - found[i].position);
      const key = [found[i].term, found[j].term].sort().join(" ");
      pairs.set(key, (pairs.get(key) ?? 0) + 1 / distance ** 2);
    }
  }
  const norm = k1 * (1 - b + (b * set.lengths[at][1]) / average);
  let sum = 0;
  for (const [key, near] of pairs) {
    const idf = Math.min(...key.split(" ").map((term) => weights.get(term)));
    sum += (idf * near * (k1 + 1)) / (near + norm);
  }
  return sum;
}

function rank(set, text, { k1, b, title, qtf, near }) {
  const { docs, postings, lengths } = set;
  const counts = new Map();
  for (const term of english.terms(text)) counts.set(term, (counts.get(term) ?? 0) + 1);
  const average = (title * set.totals[0] + set.totals[1]) / docs.length;
  const scores = new Float64Array(docs.length);
  const weights = new Map();
  for (const [term, count] of counts) {
    const list = postings.get(term) ?? [];
    const idf = Math.log(1 + (docs.length - list.length + 0.5) / (list.length + 0.5));
    const times = qtf === "distinct" ? 1 : qtf === "all" ? count : (count * (qtf + 1)) / (count + qtf);
    weights.set(term, idf);
    for (const [at, inTitle, inText] of list) {
      const tf = title * inTitle + inText;
      const length = title * lengths[at][0] + lengths[at][1];
      if (tf > 0) scores[at] += (times * idf * tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * length) / average));
    }
  }
  const order = (a, b) => scores[b] - scores[a] || (docs[a]._id < docs[b]._id ? -1 : 1);
  const best = [...scores.keys()]
    .filter((at) => scores[at] > 0)
    .sort(order)
    .slice(0, 100);
  if (near > 0) {
    for (const at of best) scores[at] += near * nearness(set, at, weights, average, { k1, b });
    best.sort(order);
  }
  return best.slice(0, 10).map((at) => docs[at]._id);
}

function measures(ranking, judged) {
  const gain = (grades) => grades.reduce((sum, grade, at) => sum + Math.max(0, grade) / Math.log2(at + 2), 0);
  const ideal = gain([...judged.values()].sort((a, b) => b - a).slice(0, 10));
  const relevant = [...judged.values()].filter((grade) => grade > 0).length;
  return {
    ndcg: gain(ranking.map((id) => judged.get(id) ?? 0)) / ideal,
    recall: ranking.slice(0, 5).filter((id) => (judged.get(id) ?? 0) > 0).length / relevant,
  };
}

const mean = (values) => (100 * values.reduce((sum, value) => sum + value, 0)) / values.length;
const table = {};
for (const folder of process.argv.slice(2)) {
  const set = load(folder);
  const asked = shuffled(set.queries, 1);
  const middle = Math.ceil(asked.length / 2);
  for (const [name, variant] of Object.entries(variants)) {
    const found = asked.map(({ _id, text }) => measures(rank(set, text, variant), set.qrels.get(_id)));
    const halves = [found.slice(0, middle), found.slice(middle)];
    table[name] ??= {};
    table[name][basename(folder)] = halves
      .map(
        (half) =>
          `${mean(half.map(({ ndcg }) => ndcg)).toFixed(1)} ${mean(half.map(({ recall }) => recall)).toFixed(1)}`,
      )
      .join(" | ");
  }
  console.error(basename(folder));
}
console.table(table);
const names = Object.keys(table.default);
const average = (name, column) =>
  names.reduce((sum, set) => sum + Number(table[name][set].split(/[ |]+/)[column]), 0) / names.length;
console.log("means over the sets: nDCG@10 and recall@5 of the first half, then of the second");
for (const name of Object.keys(table))
  console.log(name.padEnd(12), [0, 1, 2, 3].map((column) => average(name, column).toFixed(2)).join("  "));
