/** Signs and words of the currencies that `numbersIn` of core knows by code. */
const signs: readonly (readonly [code: string, sign: RegExp])[] = [
  ["USD", /(?<![\p{L}])US\$|(?<![\p{L}\d])\$|\bUSD\b|\b(?:U\.?S\.?|United States)\s+dollars?\b/iu],
  ["EUR", /€|\bEUR\b|\beuros?\b/iu],
  ["GBP", /£|\bGBP\b|\bpounds?\s+sterling\b|\b(?:British|UK)\s+pounds?\b/iu],
  ["JPY", /\bJPY\b|\b(?:Japanese\s+)?yen\b/iu],
  ["CHF", /\bCHF\b|\bSwiss\s+francs?\b/iu],
  ["INR", /₹|\bINR\b|\b(?:Indian\s+)?rupees?\b/iu],
  ["CNY", /\bCNY\b|\bRMB\b|\brenminbi\b/iu],
  ["CAD", /\bC(?:A)?\$|\bCAD\b|\bCanadian\s+dollars?\b/iu],
  ["AUD", /\bA(?:U)?\$|\bAUD\b|\bAustralian\s+dollars?\b/iu],
  ["SEK", /\bSEK\b|\bSwedish\s+kron(?:a|or)\b/iu],
  ["BRL", /\bR\$|\bBRL\b|\bBrazilian\s+rea(?:l|is)\b/iu],
];

/** Currencies that a text names by sign, word or code, as ISO 4217 codes, in order of where they stand. A bare "$" is a dollar of the US. */
export function currenciesIn(text: string): { readonly code: string; readonly span: readonly [number, number] }[] {
  return signs
    .flatMap(([code, sign]) => {
      const found = sign.exec(text);
      return found === null ? [] : [{ code, span: [found.index, found.index + found[0].length] as const }];
    })
    .sort((a, b) => a.span[0] - b.span[0]);
}
