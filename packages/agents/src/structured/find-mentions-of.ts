import type { FieldValue } from "@clew/core";
import { capitalisedRuns, datesIn } from "@clew/core/text";
import { currenciesIn } from "./currencies.js";
import type { FieldQuery } from "./field-query.js";
import { readNumbers, statedScales, wantedScales } from "./holds-number.js";
import { findText } from "./holds-text.js";
import type { Unit } from "./read-units.js";

/** A value of the kind that a leaf wants, where it stands in a unit. */
export interface ValueMention {
  readonly value: FieldValue;
  readonly span: readonly [number, number];
  /** It says by itself what it is (a period, a currency, a company), so that the unit need not name the field. */
  readonly tellsItself?: true | undefined;
}

const rates = /%|\b(?:percent|per cent|percentage|rate|margin|growth|ratio|fraction|share|proportion|yield)\b/i;
const money =
  /\b(?:revenue|sales|turnover|income|profit|loss|earnings|cost|expense|price|amount|assets|liabilities|debt|cash|capital|dividend|budget|salary|fee|ebitda)s?\b/i;
const periods =
  /\b(?:(?:fiscal|financial)\s+)?(?:year|quarter|half[- ]year|(?:three|six|nine|twelve|\d{1,2})\s+months|\d{1,2}\s+weeks)\s+(?:ended|ending|to)\s+(?:(?:on\s+)?(?:\d{1,2}\s+\p{L}+|\p{L}+\s+\d{1,2}),?\s+\d{4}|\d{4}-\d\d-\d\d)|\b(?:fiscal|financial)\s+(?:year\s+)?\d{4}(?:[/–-]\d{2,4})?|\bFY\s?\d{2,4}\b|\bQ[1-4]\s+(?:of\s+)?(?:fiscal\s+)?\d{4}|\b(?:first|second|third|fourth)\s+quarter\s+of\s+(?:fiscal\s+)?\d{4}/giu;
const corporate =
  /(?:\p{Lu}[\p{L}\p{N}&.'’-]*\s+){1,5}(?:Inc|Incorporated|Corp|Corporation|Company|Co|Ltd|Limited|plc|PLC|LLC|AG|SE|GmbH|N\.?V|S\.?A|AB|ASA|Oyj|Holdings|Group)\b\.?/gu;
const asksCompany = /\b(?:company|registrant|issuer|entity|employer|corporation|organi[sz]ation|filer|business)\b/i;
const asksPeriod = /\b(?:period|fiscal year|financial year|reporting year|quarter)\b/i;
const asksCurrency = /\bcurrency\b/i;
const longestText = 12;

/** All values in a unit that a leaf could have. Lists, and yes or no, are for models. */
export function valueMentions(query: FieldQuery, unit: Unit): ValueMention[] {
  switch (query.leaf.kind) {
    case "number":
      return numberMentions(query, unit);
    case "date":
      return datesIn(unit.text).filter(({ value }) => /^\d{4}-\d\d-\d\d$/.test(value));
    case "choice":
      return choiceMentions(query, unit);
    case "text":
      return textMentions(query, unit);
    case "boolean":
      return [];
  }
}

function numberMentions({ hint }: FieldQuery, { text, row }: Unit): ValueMention[] {
  const asksRate = rates.test(hint);
  const asksMoney = money.test(hint) && !asksRate;
  const asksYear = /\byear\b/i.test(hint) && !asksMoney;
  const [wanted] = wantedScales(hint);
  const stated = statedScales(text)
    .concat(row === undefined ? [] : statedScales(row.before))
    .at(-1);
  const perShare = /\bper[\s-]+share\b/i;
  return readNumbers(text).flatMap(({ value, unit, span, scaled }): ValueMention[] => {
    if ((unit === "%") !== asksRate && (unit === "%" || !/\b(?:ratio|fraction|share)\b/i.test(hint))) return [];
    const isYear =
      unit === undefined &&
      !scaled &&
      Number.isInteger(value) &&
      value >= 1900 &&
      value <= 2099 &&
      !/,/.test(text.slice(...span));
    if (isYear !== asksYear) return [];
    // "Note 5" and "three segments" are no amounts
    if (asksMoney && unit === undefined && !scaled && row === undefined && Math.abs(value) < 100) return [];
    if (unit === "%") return [{ value: /\b(?:fraction|ratio)\b/i.test(hint) ? value / 100 : value, span }];
    const factor =
      scaled || stated === undefined || isYear || perShare.test(hint) || !(asksMoney || unit !== undefined)
        ? 1
        : stated;
    const size = value * factor;
    return [{ value: wanted === undefined || (!scaled && factor === 1) ? size : size / wanted, span }];
  });
}

function choiceMentions({ leaf, hint }: FieldQuery, { text }: Unit): ValueMention[] {
  const held = (leaf.choices ?? []).flatMap((choice): ValueMention[] => {
    if (typeof choice === "boolean") return [];
    const found = findText(String(choice), text);
    if (found === undefined) return [];
    const at = text.toLowerCase().indexOf(found.toLowerCase());
    const currency = asksCurrency.test(hint) ? currenciesIn(text).find(({ code }) => code === choice) : undefined;
    if (currency !== undefined) return [{ value: choice, span: currency.span, tellsItself: true }];
    return at < 0 ? [] : [{ value: choice, span: [at, at + found.length] }];
  });
  // two of them say nothing
  return held.length === 1 ? held : [];
}

function textMentions({ hint, names }: FieldQuery, unit: Unit): ValueMention[] {
  const { text } = unit;
  if (asksCurrency.test(hint)) {
    const held = currenciesIn(text);
    return held.length === 1 ? held.map(({ code, span }) => ({ value: code, span, tellsItself: true as const })) : [];
  }
  const found: ValueMention[] = [...labelled(unit, names)];
  if (asksPeriod.test(hint)) {
    for (const match of text.matchAll(periods)) {
      found.push({ value: match[0], span: [match.index, match.index + match[0].length], tellsItself: true });
    }
    return found;
  }
  if (asksCompany.test(hint)) {
    for (const match of text.matchAll(corporate)) {
      found.push({ value: match[0], span: [match.index, match.index + match[0].length], tellsItself: true });
    }
  }
  if (found.length > 0) return found;
  if (/\b(?:date|day|year|when)\b/i.test(hint)) {
    return datesIn(text).map(({ span }) => ({ value: text.slice(...span), span }));
  }
  let last = 0;
  for (const { text: value, span } of capitalisedRuns(text)) {
    // a long name also gives its pairs of words
    if (span[0] < last) continue;
    last = span[1];
    const [first] = /^\P{L}*\p{L}+/u.exec(value) ?? [value];
    const opens = text.slice(0, span[0]).trim() === "" && value === first;
    if (!opens) found.push({ value, span });
  }
  return found;
}

/** "Auditor: Ernst & Young LLP", or the cell beside "Auditor". */
function labelled({ text, row, tokens }: Unit, names: FieldQuery["names"]): ValueMention[] {
  const colon = row === undefined ? /^([^:]{1,60}):\s+(\S.*?)\s*$/su.exec(text) : null;
  const cells = row?.cells.filter((cell) => cell.text !== "") ?? [];
  const [label, value] = colon === null ? [cells[0]?.text, cells[1]?.text] : [colon[1], colon[2]];
  if (label === undefined || value === undefined || value.split(/\s+/).length > longestText) return [];
  const end = colon === null ? cells[0]!.start + label.length : label.length;
  const terms = new Set(tokens.filter((token) => token.end <= end).map(({ term }) => term));
  if (!names.some((name) => name.every((term) => terms.has(term)))) return [];
  const start = text.indexOf(value, end);
  const bare = value.replace(/(?:[;,]|(?<!\b(?:Inc|Corp|Co|Ltd|Jr|Sr|\p{L}\.\p{L}))\.)$/u, "");
  return [{ value: bare, span: [start, start + bare.length], tellsItself: true }];
}
