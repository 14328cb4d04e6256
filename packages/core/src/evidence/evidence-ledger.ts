import { positiveInteger } from "../errors/check-number.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Hit } from "../search/hit.js";
import type { Passage } from "../source/passage.js";
import type { PassageId } from "../source/passage-id.js";
import type { Evidence, EvidenceId, EvidenceRecord } from "./evidence.js";

/** The evidence of one run. Passages are told apart by id alone, never by text. */
export interface EvidenceLedger {
  /**
   * Takes in what a search found, best hit first.
   *
   * A passage that is here already keeps its id, its hop and its place; the query is added to its queries, and its score
   * becomes the better of both. Adding the same hits again changes nothing.
   *
   * @returns the evidence that is new, in the order of the hits
   * @throws ClewError `invalid-option` when the hop is no whole number of 1 or more, or a score is not finite; nothing is
   *   taken in then
   */
  add(hits: readonly Hit[], found: { readonly query: string; readonly hop: number }): readonly Evidence[];
  /** The evidence under exactly this id; undefined for any other string (`e1`, `[E1]`, ` E1`). */
  get(id: string): Evidence | undefined;
  /** Everything, in order of arrival. */
  list(): readonly Evidence[];
  /** Records whose passage was not given on restoring, as when its source is gone: their ids are never given again. */
  missing(): readonly EvidenceRecord[];
  /** Plain records without texts, in order of arrival: with the passages, enough to restore the ledger. */
  toJSON(): EvidenceRecord[];
}

/** Options of {@link evidenceLedger}. */
export interface EvidenceLedgerOptions {
  /** What `toJSON` of an earlier ledger gave. @default [] */
  records?: readonly EvidenceRecord[] | undefined;
  /** The passages of those records; others are left alone. @default [] */
  passages?: Iterable<Passage> | undefined;
}

/**
 * Opens the ledger of one run: empty, or as it was when its records were written. Ids are `E1`, `E2`, … in order of
 * arrival: the same searches in the same order give the same ids.
 *
 * @throws ClewError `invalid-option` when a record has an id of another form, or two records share an id or a passage
 */
export function evidenceLedger({ records = [], passages = [] }: EvidenceLedgerOptions = {}): EvidenceLedger {
  const known = new Map<PassageId, EvidenceRecord>();
  const texts = new Map<PassageId, Passage>();
  const byId = new Map<string, PassageId>();
  let last = 0;

  for (const record of records) {
    const number = evidenceNumber(record.id);
    if (number === undefined) throw invalidOption("records", "records with ids of the form E1, E2, …", record.id);
    if (byId.has(record.id) || known.has(record.passage)) {
      throw invalidOption("records", "records with an id and a passage of their own", record.id);
    }
    known.set(record.passage, copyOf(record));
    byId.set(record.id, record.passage);
    last = Math.max(last, number);
  }
  for (const passage of passages) if (known.has(passage.id)) texts.set(passage.id, passage);

  const evidenceOf = (record: EvidenceRecord): Evidence | undefined => {
    const passage = texts.get(record.passage);
    return passage && { ...copyOf(record), passage };
  };

  return {
    add(hits, { query, hop }) {
      positiveInteger("hop", hop);
      for (const { passage, score } of hits) {
        if (!Number.isFinite(score))
          throw invalidOption("hits", `hits with finite scores (passage ${passage.id})`, score);
      }
      const fresh: PassageId[] = [];
      for (const { passage, score } of hits) {
        const record = known.get(passage.id);
        if (record === undefined) {
          const id = `E${++last}` as EvidenceId;
          known.set(passage.id, { id, passage: passage.id, score, hop, queries: [query] });
          byId.set(id, passage.id);
          fresh.push(passage.id);
        } else {
          const queries = record.queries.includes(query) ? record.queries : [...record.queries, query];
          known.set(passage.id, { ...record, score: Math.max(record.score, score), queries });
        }
        if (!texts.has(passage.id)) texts.set(passage.id, passage);
      }
      return fresh.flatMap((id) => evidenceOf(known.get(id)!) ?? []);
    },
    get(id) {
      const passage = byId.get(id);
      return passage === undefined ? undefined : evidenceOf(known.get(passage)!);
    },
    list: () => [...known.values()].flatMap((record) => evidenceOf(record) ?? []),
    missing: () => [...known.values()].filter(({ passage }) => !texts.has(passage)).map(copyOf),
    toJSON: () => [...known.values()].map(copyOf),
  };
}

const copyOf = (record: EvidenceRecord): EvidenceRecord => ({ ...record, queries: [...record.queries] });

const evidenceNumber = (id: string): number | undefined => {
  const digits = /^E([1-9]\d{0,14})$/.exec(id)?.[1];
  return digits === undefined ? undefined : Number(digits);
};
