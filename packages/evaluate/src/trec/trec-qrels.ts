import { ClewError, checkKeys, invalidOption } from "@clew/core";
import type { Qrels } from "@clew/core/measure";
import { readLines } from "../datasets/read-lines.js";
import { writeBeside } from "../datasets/write-beside.js";
import { writeLines } from "../datasets/write-lines.js";
import { checkTrecId } from "./check-trec-id.js";
import { trecColumns, trecNumber } from "./trec-line.js";
import type { ReadTrecOptions } from "./trec-run.js";

/**
 * Reads judgements in TREC's form: `query iteration document grade`, separated by white space.
 *
 * @throws ClewError `not-found`; `unreadable-source` naming file and line for a malformed line, a grade that is no whole
 *   number, or a document that is judged twice for a query
 */
export async function readTrecQrels(path: string, options: ReadTrecOptions = {}): Promise<Qrels> {
  checkKeys("readTrecQrels", options, ["signal"] satisfies (keyof ReadTrecOptions)[]);
  const qrels = new Map<string, Map<string, number>>();
  for await (const read of readLines(path, options.signal)) {
    const { where } = read;
    const [query, , document, written] = trecColumns(read, ["query", "iteration", "document", "grade"]) as [
      string,
      string,
      string,
      string,
    ];
    const grade = trecNumber("grade", written, where);
    if (!Number.isInteger(grade)) {
      throw new ClewError("unreadable-source", `${where}: the grade "${written}" is not a whole number.`);
    }
    const judgements = qrels.get(query) ?? new Map<string, number>();
    if (judgements.has(document)) {
      throw new ClewError("unreadable-source", `${where}: document ${document} is judged twice for query ${query}.`);
    }
    judgements.set(document, grade);
    qrels.set(query, judgements);
  }
  return qrels;
}

/** Options of {@link writeTrecQrels}. */
export interface WriteTrecQrelsOptions {
  signal?: AbortSignal | undefined;
}

/**
 * Writes judgements in TREC's form, whole or not at all. A query without judgements has no line.
 *
 * @throws ClewError `invalid-option` for an id with white space or a grade that is no whole number
 */
export async function writeTrecQrels(path: string, qrels: Qrels, options: WriteTrecQrelsOptions = {}): Promise<void> {
  checkKeys("writeTrecQrels", options, ["signal"] satisfies (keyof WriteTrecQrelsOptions)[]);
  await writeBeside(path, (beside) => writeLines(beside, qrelsLines(qrels), options.signal));
}

function* qrelsLines(qrels: Qrels): Generator<string> {
  for (const [query, judgements] of qrels) {
    checkTrecId("qrels", query);
    for (const [document, grade] of judgements) {
      checkTrecId("qrels", document);
      if (!Number.isInteger(grade)) throw invalidOption("qrels", "whole grades, as TREC files have", grade);
      yield `${query} 0 ${document} ${grade}`;
    }
  }
}
