const exceptions = new Map(
  "skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli singly:singl sky:sky news:news howe:howe atlas:atlas cosmos:cosmos bias:bias andes:andes"
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);
const keptAfterStep1a = new Set("inning outing canning herring earring proceed exceed succeed".split(" "));

/** Suffixes with what takes their place, by their last letter, the longest first: the first that fits is the one. */
type Suffixes = ReadonlyMap<number, readonly (readonly [suffix: string, by: string])[]>;

function suffixes(list: string): Suffixes {
  const byLast = new Map<number, [string, string][]>();
  const pairs = list.split(" ").map((pair) => pair.split(":") as [string, string]);
  for (const pair of pairs.sort(([a], [b]) => b.length - a.length)) {
    const last = pair[0].charCodeAt(pair[0].length - 1);
    byLast.set(last, [...(byLast.get(last) ?? []), pair]);
  }
  return byLast;
}

const step2 = suffixes(
  "tional:tion enci:ence anci:ance abli:able entli:ent izer:ize ization:ize ational:ate ation:ate ator:ate alism:al aliti:al alli:al fulness:ful ousli:ous ousness:ous iveness:ive iviti:ive biliti:ble bli:ble ogi:og fulli:ful lessli:less li:",
);
const step3 = suffixes("tional:tion ational:ate alize:al icate:ic iciti:ic ical:ic ful: ness: ative:");
const step4 = suffixes("al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: ism: ate: iti: ous: ive: ize: ion:");

function longest(word: string, among: Suffixes): readonly [string, string] | undefined {
  for (const pair of among.get(word.charCodeAt(word.length - 1)) ?? []) if (word.endsWith(pair[0])) return pair;
  return undefined;
}

const isVowel = (word: string, at: number): boolean => {
  const letter = word.charCodeAt(at);
  // a e i o u y; a Y that is a consonant is written as a capital
  return letter === 97 || letter === 101 || letter === 105 || letter === 111 || letter === 117 || letter === 121;
};

/**
 * The English stemmer of Snowball, as `snowball-stemmers` has it but several times faster: on a corpus, the words that are
 * met for the first time are most of the analyzer's work. Words come in lower case, without apostrophes.
 *
 * @see Porter, "The English (Porter2) stemming algorithm", 2002
 */
export function porter2(given: string): string {
  if (given.length <= 2) return given;
  const exception = exceptions.get(given);
  if (exception !== undefined) return exception;
  let word = markConsonants(given);
  const r1 = regionOne(word);
  const r2 = afterVowelConsonant(word, r1);
  word = singular(word);
  if (keptAfterStep1a.has(word)) return word;
  word = past(word, r1);
  const { length } = word;
  if (length > 2 && /[yY]$/.test(word) && !isVowel(word, length - 2)) word = `${word.slice(0, -1)}i`;
  word = derived(word, r1, r2);
  return word.includes("Y") ? word.replaceAll("Y", "y") : word;
}

/** A y at the beginning or behind a vowel becomes Y. */
function markConsonants(word: string): string {
  if (!word.includes("y")) return word;
  let marked = "";
  for (let i = 0; i < word.length; i++) {
    const letter = word[i]!;
    marked += letter === "y" && (i === 0 || isVowel(marked, i - 1)) ? "Y" : letter;
  }
  return marked;
}

function regionOne(word: string): number {
  if (word.startsWith("gener") || word.startsWith("arsen")) return 5;
  return word.startsWith("commun") ? 6 : afterVowelConsonant(word, 0);
}

/** Behind the first consonant that follows a vowel, from an offset on; the length where there is none. */
function afterVowelConsonant(word: string, from: number): number {
  let at = from;
  while (at < word.length && !isVowel(word, at)) at++;
  while (at < word.length && isVowel(word, at)) at++;
  return Math.min(word.length, at + 1);
}

function hasVowel(word: string, end: number): boolean {
  for (let i = 0; i < end; i++) if (isVowel(word, i)) return true;
  return false;
}

/** Step 1a. */
function singular(word: string): string {
  if (word.endsWith("sses")) return word.slice(0, -2);
  if (word.endsWith("ied") || word.endsWith("ies")) return word.slice(0, word.length > 4 ? -2 : -1);
  if (!word.endsWith("s") || word.endsWith("us") || word.endsWith("ss")) return word;
  return hasVowel(word, word.length - 2) ? word.slice(0, -1) : word;
}

/** Step 1b. */
function past(word: string, r1: number): string {
  const suffix = ["eedly", "ingly", "edly", "eed", "ing", "ed"].find((ending) => word.endsWith(ending));
  if (suffix === undefined) return word;
  const end = word.length - suffix.length;
  if (suffix.startsWith("ee")) return end >= r1 ? `${word.slice(0, end)}ee` : word;
  if (!hasVowel(word, end)) return word;
  const stem = word.slice(0, end);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(stem)) return stem.slice(0, -1);
  return stem.length === r1 && endsShort(stem, stem.length) ? `${stem}e` : stem;
}

/** Whether `word.slice(0, end)` ends in a short syllable. */
function endsShort(word: string, end: number): boolean {
  if (end < 2 || isVowel(word, end - 1) || !isVowel(word, end - 2)) return false;
  if (end === 2) return true;
  const last = word[end - 1]!;
  return last !== "w" && last !== "x" && last !== "Y" && !isVowel(word, end - 3);
}

/** Steps 2 to 5. */
function derived(given: string, r1: number, r2: number): string {
  let word = given;
  const second = longest(word, step2);
  if (second !== undefined) {
    const end = word.length - second[0].length;
    const before = word[end - 1] ?? "";
    const fits = second[0] === "ogi" ? before === "l" : second[0] !== "li" || "cdeghkmnrt".includes(before);
    if (end >= r1 && fits && before !== "") word = word.slice(0, end) + second[1];
  }
  const third = longest(word, step3);
  if (third !== undefined) {
    const end = word.length - third[0].length;
    if (end >= (third[0] === "ative" ? r2 : r1)) word = word.slice(0, end) + third[1];
  }
  const fourth = longest(word, step4);
  if (fourth !== undefined) {
    const end = word.length - fourth[0].length;
    if (end >= r2 && (fourth[0] !== "ion" || word[end - 1] === "s" || word[end - 1] === "t")) word = word.slice(0, end);
  }
  const end = word.length - 1;
  if (word.endsWith("e") && (end >= r2 || (end >= r1 && !endsShort(word, end)))) return word.slice(0, end);
  return word.endsWith("ll") && end >= r2 ? word.slice(0, end) : word;
}
