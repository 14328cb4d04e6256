import type { Filter } from "../../filter/filter.js";
import { seededRandom } from "../../measure/seeded-random.js";
import type { Metadata } from "../../source/metadata.js";
import type { SourceTextFields } from "../a-source.js";

const vocabulary =
  "thread maze clew river stone bridge tower audit report Paris Leiden founder court treaty museum 2023 42 A-7 Größe 東京 running runs ran cities city the of and in".split(
    " ",
  );

/** Titles; texts mention them now and then, so that there are links. */
const names = ["Paris", "Leiden University", "River Tower", "Audit Court", "Utrecht", "A-7", "東京"];

/** Things drawn by chance, the same for the same seed. */
export interface Dice {
  /** A whole number from 0 to `below` - 1. */
  number(below: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  words(least: number, most: number): string;
  shuffled<T>(of: readonly T[]): T[];
}

export function dice(seed: number): Dice {
  const random = seededRandom(seed);
  const number = (below: number): number => Math.floor(random() * below);
  const pick = <T>(from: readonly T[]): T => from[number(from.length)]!;
  // squared, so that some words are frequent and others rare
  const word = (): string => vocabulary[Math.floor(random() ** 2 * vocabulary.length)]!;
  return {
    number,
    pick,
    chance: (probability) => random() < probability,
    words: (least, most) => Array.from({ length: least + number(most - least + 1) }, word).join(" "),
    shuffled: (of) =>
      of
        .map((item) => ({ item, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ item }) => item),
  };
}

/** Sources of some paragraphs, with titles, metadata and, if wanted, access lists drawn from these principals. */
export function randomSources(
  { number, chance, pick, words }: Dice,
  { count = 12, principals = [] }: { count?: number; principals?: readonly string[] } = {},
): SourceTextFields[] {
  const paragraph = (): string => (chance(0.4) ? `${words(1, 12)} ${pick(names)} ${words(1, 12)}` : words(1, 25));
  return Array.from({ length: count }, (_, index) => ({
    id: `source-${index + 1}`,
    title: chance(0.8) ? pick(names) : "",
    uri: chance(0.5) ? `file:///${index + 1}.md` : undefined,
    text: Array.from({ length: number(5) }, paragraph).join("\n\n"),
    metadata: randomMetadata({ number, chance, pick }),
    ...(principals.length > 0 && chance(0.7) ? { access: principals.filter(() => chance(0.4)) } : {}),
  }));
}

const fields = ["year", "kind", "tags", "final", "note"] as const;

function randomMetadata({ number, chance, pick }: Pick<Dice, "number" | "chance" | "pick">): Metadata {
  const all: Metadata = {
    year: 2020 + number(4),
    kind: pick(["10-K", "10-Q", "memo", ""]),
    tags: ["audit", "tax", "legal"].filter(() => chance(0.5)),
    final: chance(0.5),
    note: pick([null, "seen", 0]),
  };
  return Object.fromEntries(Object.entries(all).filter(() => chance(0.7)));
}

/** A filter over the fields of {@link randomSources} and over fields that no source has. */
export function randomFilter(rolls: Dice, depth = 0): Filter {
  const { number, pick, chance } = rolls;
  const form = depth < 2 ? number(5) : 0;
  if (form === 1) return { $and: [randomFilter(rolls, depth + 1), randomFilter(rolls, depth + 1)] };
  if (form === 2) return { $or: [randomFilter(rolls, depth + 1), randomFilter(rolls, depth + 1)] };
  if (form === 3) return { $not: randomFilter(rolls, depth + 1) };
  const field = pick([...fields, "source", "title", "uri", "page", "missing"]);
  const value = (): string | number | boolean | null =>
    pick([2020, 2021, 2022, 0, "10-K", "", "audit", "seen", "source-1", "file:///2.md", true, false, null]);
  const bound = (): string | number => pick([2021, 2022, 0, "10-Q", "source-5", ""]);
  switch (number(8)) {
    case 0:
      return { [field]: value() };
    case 1:
      return { [field]: { $ne: value() } };
    case 2:
      return { [field]: { $in: [value(), value()] } };
    case 3:
      return { [field]: { $nin: [value(), value()] } };
    case 4:
      return { [field]: { $gte: bound() } };
    case 5:
      return { [field]: { $lt: bound(), $gt: bound() } };
    case 6:
      return { [field]: { $exists: chance(0.5) } };
    default:
      return { [field]: { $not: { $lte: bound() } } };
  }
}
