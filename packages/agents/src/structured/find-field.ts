import type { FieldDraft } from "@clew/core";
import { type Analyzer, datesIn } from "@clew/core/text";
import { doing } from "./doing.js";
import type { FieldQuery } from "./field-query.js";
import { type ValueMention, valueMentions } from "./find-mentions-of.js";
import { pointerOf } from "./pointer.js";
import type { Unit } from "./read-units.js";

/** Share of the terms of a name that a unit must hold, its head among them. */
const minName = 0.6;

/** Share of the question's names that a source must hold. */
const minWhom = 0.5;

interface Candidate {
  readonly unit: Unit;
  readonly mention: ValueMention;
  readonly score: number;
}

/**
 * Finds the value of a leaf in evidence: of the kind wanted, in a sentence, line or row that names the field, nearest to
 * that name. Where question or schema names a year, a value that stands for another one is no candidate; where
 * neither does and a table has columns for years, the latest counts.
 *
 * @returns the best, quoted with its unit; undefined where nothing fits, or the two best differ and nothing decides
 */
export function findField(
  path: readonly string[],
  query: FieldQuery,
  units: readonly Unit[],
  analyzer: Analyzer,
): FieldDraft | undefined {
  const candidates: Candidate[] = [];
  const whom = sourcesThatName(query, units);
  for (const unit of units) {
    // what is asked of one company is not answered of another
    const about = whom.get(unit.evidence.passage.source)!;
    if (about < minWhom) continue;
    const named = nameShare(query, unit, analyzer);
    const mentions = valueMentions(query, unit);
    for (const mention of mentions) {
      if (named.share < minName && mention.tellsItself !== true) continue;
      const year = yearScore(query, unit, mention, mentions);
      if (year === undefined) continue;
      const asked = share(query.asked, (term) => unit.terms.has(term) || unit.above.has(term));
      const near = named.at === undefined ? 0 : unit.row !== undefined ? 1 : nearness(named.at, mention.span);
      const fits = 3 * named.share + 1.5 * asked + about + near + year;
      candidates.push({ unit, mention, score: fits + 0.2 / (1 + unit.order) });
    }
  }
  const [best, ...others] = candidates.sort((a, b) => b.score - a.score);
  if (best === undefined) return undefined;
  const rival = others.find(({ mention, score }) => mention.value !== best.mention.value && best.score - score < 1e-9);
  if (rival !== undefined) return undefined;
  return {
    path: pointerOf(path),
    value: best.mention.value,
    citations: [{ evidence: best.unit.evidence.id, quote: best.unit.text }],
  };
}

/** How much of the names in the question each source holds, in what of it is evidence. */
function sourcesThatName({ whom }: FieldQuery, units: readonly Unit[]): Map<string, number> {
  const held = new Map<string, Set<string>>();
  for (const { evidence, terms, above } of units) {
    const { source } = evidence.passage;
    const found = held.get(source) ?? new Set<string>();
    held.set(source, found);
    for (const term of whom) if (terms.has(term) || above.has(term)) found.add(term);
  }
  return new Map([...held].map(([source, found]) => [source, whom.size === 0 ? 1 : found.size / whom.size]));
}

/** How much of one of the field's names a unit holds, and where the head of that name stands. */
function nameShare({ names }: FieldQuery, { tokens, terms, above }: Unit, analyzer: Analyzer) {
  let best: { share: number; at: readonly [number, number] | undefined } = { share: 0, at: undefined };
  for (const name of names) {
    const forms = new Set([name.at(-1)!, ...doing(name.at(-1)!, analyzer)]);
    const head = tokens.find(({ term }) => forms.has(term));
    if (head === undefined) continue;
    const held = name.slice(0, -1).filter((term) => terms.has(term) || above.has(term)).length + 1;
    const found = held / name.length;
    if (found > best.share) best = { share: found, at: [head.start, head.end] };
  }
  return best;
}

/** 1 beside the name, less with every word between; what stands before the name counts half. */
function nearness([start, end]: readonly [number, number], [from, to]: readonly [number, number]): number {
  if (from >= end) return 1 / (1 + (from - end) / 30);
  return to <= start ? 0.5 / (1 + (start - to) / 30) : 0.5;
}

/** What the year that a value stands for adds; undefined where it is another than the one asked for. */
function yearScore(
  { years, leaf }: FieldQuery,
  unit: Unit,
  { span, value }: ValueMention,
  mentions: readonly ValueMention[],
): number | undefined {
  if (leaf.kind === "date") {
    const own = String(value).slice(0, 4);
    return years.length === 0 ? 0 : years.includes(own) ? 0.5 : 0;
  }
  const year = yearFor(unit, span, mentions);
  if (year === undefined) return 0;
  if (years.length > 0) return years.includes(year) ? 1 : undefined;
  // the latest of what is there: hundredths of a year decide between columns, never between units
  return leaf.kind === "number" ? (Number(year) - 2000) / 100 : 0;
}

/** The year of a value's column; in a sentence, the one in it that stands nearest behind the value, else before it. */
function yearFor(
  { row, text }: Unit,
  [from, to]: readonly [number, number],
  mentions: readonly ValueMention[],
): string | undefined {
  if (row !== undefined) {
    const cell = row.cells.findLast(({ start }) => start <= from);
    if (cell?.year !== undefined) return cell.year;
  }
  const dates = datesIn(text).filter(
    ({ value, span }) =>
      /^\d{4}/.test(value) &&
      !mentions.some((one) => one.span[0] <= span[0] && span[1] <= one.span[1] && one.span[0] !== from),
  );
  const within = dates.find(({ span }) => from <= span[0] && span[1] <= to);
  if (within !== undefined) return within.value.slice(0, 4);
  const next = mentions.find(({ span }) => span[0] >= to)?.span[0] ?? text.length;
  const previous = mentions.findLast(({ span }) => span[1] <= from)?.span[1] ?? 0;
  const behind = dates.find(({ span }) => span[0] >= to && span[0] < next);
  const before = dates.findLast(({ span }) => span[1] <= from && span[0] >= previous);
  const joined = behind !== undefined && /^[^,;.]{0,30}$/.test(text.slice(to, behind.span[0]));
  // "In 2023, revenue was 5, compared with 4 in 2022"
  return ((joined ? behind : before) ?? behind ?? dates.findLast(({ span }) => span[1] <= from))?.value.slice(0, 4);
}

function share(terms: ReadonlySet<string>, held: (term: string) => boolean): number {
  if (terms.size === 0) return 0;
  let count = 0;
  for (const term of terms) if (held(term)) count += 1;
  return count / terms.size;
}
