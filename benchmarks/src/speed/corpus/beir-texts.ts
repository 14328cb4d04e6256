import { readBeir } from "@clew/evaluate";
import { type SeededRandom, seededRandom } from "./seeded-random.js";
import type { SpeedPassage, SpeedTexts } from "./speed-corpus.js";

/** Options of {@link beirTexts}. */
export interface BeirTextsOptions {
  /** BEIR folders. */
  readonly data: readonly string[];
  readonly passages: number;
  readonly queries: number;
  readonly seed: number;
}

/** Share of words that a repeated passage has from elsewhere. */
const perturbed = 0.15;

/**
 * Real passages and real questions, drawn by seed. Where the sets hold fewer passages than wanted, they are repeated with
 * some of their words replaced by words of other passages (so by their frequency), and with a word more in the title.
 *
 * @throws Error when the sets hold fewer questions than wanted
 */
export async function beirTexts(options: BeirTextsOptions): Promise<SpeedTexts> {
  const { data, passages: count, queries: asked, seed } = options;
  const random = seededRandom(seed);
  const real: SpeedPassage[] = [];
  const questions = new Set<string>();
  const seen = new Set<string>();
  for (const folder of data) {
    const { corpus, queries } = await readBeir(folder);
    for (const document of corpus) {
      const text = oneLine(document.text);
      const title = oneLine(document.title) || text.split(" ").slice(0, 4).join(" ");
      if (text === "" || seen.has(text)) continue;
      seen.add(text);
      real.push({ id: "", title, text });
    }
    for (const { text } of queries) questions.add(oneLine(text));
  }
  if (questions.size < asked) {
    throw new Error(`${data.join(", ")} hold ${questions.size} questions; ask for fewer with --queries.`);
  }
  const words = real.map(({ text }) => text.split(" "));
  const chosen = shuffled(real, random).slice(0, count);
  for (let copy = 0; chosen.length < count; copy++) {
    const { title, text } = real[copy % real.length]!;
    const changed = perturb(text.split(" "), words, random);
    if (seen.has(changed)) continue;
    seen.add(changed);
    chosen.push({ id: "", title: `${title} ${random.pick(random.pick(words))}`, text: changed });
  }
  return {
    passages: chosen.map((passage, index) => ({ ...passage, id: `p${index}` })),
    queries: shuffled([...questions], random).slice(0, asked),
  };
}

function perturb(text: readonly string[], words: readonly (readonly string[])[], random: SeededRandom): string {
  return text.map((word) => (random.next() < perturbed ? random.pick(random.pick(words)) : word)).join(" ");
}

function shuffled<T>(values: readonly T[], random: SeededRandom): T[] {
  const mixed = [...values];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}

const oneLine = (text: string): string => text.normalize("NFC").replace(/\s+/g, " ").trim();
