/**
 * Porter's stemmer by the rules of 1980, for words of a to z and digits.
 *
 * @see Porter, "An Algorithm for Suffix Stripping", Program 1980
 */
export function porterStem(word: string): string {
  if (word.length <= 2) return word;
  let stem = step1a(word);
  stem = step1b(stem);
  stem = stem.endsWith("y") && hasVowel(stem.slice(0, -1)) ? `${stem.slice(0, -1)}i` : stem;
  stem = replaceSuffix(stem, step2, 1);
  stem = replaceSuffix(stem, step3, 1);
  stem = step4(stem);
  return step5(stem);
}

/** c for a consonant, v for a vowel, letter by letter; y is a vowel after a consonant. */
function shape(word: string): string {
  let kinds = "";
  for (const letter of word) {
    const vowel = /[aeiou]/.test(letter) || (letter === "y" && kinds.endsWith("c"));
    kinds += vowel ? "v" : "c";
  }
  return kinds;
}

/** How often a run of vowels is followed by one of consonants. */
const measure = (stem: string): number => shape(stem).match(/v+c+/g)?.length ?? 0;
const hasVowel = (stem: string): boolean => shape(stem).includes("v");
const endsDouble = (stem: string): boolean => /(.)\1$/.test(stem) && shape(stem).endsWith("c");
/** Ends consonant, vowel, consonant, the last not w, x or y. */
const endsCvc = (stem: string): boolean => shape(stem).endsWith("cvc") && !/[wxy]$/.test(stem);

function step1a(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  if (word.endsWith("ss") || !word.endsWith("s")) return word;
  return word.slice(0, -1);
}

function step1b(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ["ed", "ing"].find((end) => word.endsWith(end));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (!hasVowel(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDouble(stem) && !/[lsz]$/.test(stem)) return stem.slice(0, -1);
  return measure(stem) === 1 && endsCvc(stem) ? `${stem}e` : stem;
}

const pairs = (rules: string): (readonly [string, string])[] =>
  rules.split(" ").map((rule) => {
    const [from, to] = rule.split(":") as [string, string];
    return [from, to] as const;
  });

const step2 = pairs(
  "ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble",
);
const step3 = pairs("icate:ic ative: alize:al iciti:ic ical:ic ful: ness:");

/** Only the longest suffix that fits is looked at. */
function replaceSuffix(word: string, rules: readonly (readonly [string, string])[], least: number): string {
  const fits = rules.filter(([from]) => word.endsWith(from)).sort(([a], [b]) => b.length - a.length)[0];
  if (fits === undefined) return word;
  const stem = word.slice(0, -fits[0].length);
  return measure(stem) >= least ? stem + fits[1] : word;
}

const step4Suffixes = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize".split(" ");

function step4(word: string): string {
  const suffix = step4Suffixes.filter((end) => word.endsWith(end)).sort((a, b) => b.length - a.length)[0];
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (measure(stem) <= 1 || (suffix === "ion" && !/[st]$/.test(stem))) return word;
  return stem;
}

function step5(word: string): string {
  let stem = word;
  if (stem.endsWith("e")) {
    const without = stem.slice(0, -1);
    if (measure(without) > 1 || (measure(without) === 1 && !endsCvc(without))) stem = without;
  }
  return measure(stem) > 1 && stem.endsWith("ll") ? stem.slice(0, -1) : stem;
}
