import { ClewError, checkKeys, invalidOption } from "@clew/core";
import { breather, type Run } from "@clew/core/measure";
import { readLines } from "../datasets/read-lines.js";
import { writeBeside } from "../datasets/write-beside.js";
import { writeLines } from "../datasets/write-lines.js";
import { checkTrecId } from "./check-trec-id.js";
import { trecColumns, trecNumber } from "./trec-line.js";

/** A run as a TREC file holds it. */
export interface TrecRun {
  /** Name of the run: its last column. "" for a file without lines. */
  readonly tag: string;
  /** Document ids by query, best first. */
  readonly run: Run;
  /** Scores in the order of the ids, by query. */
  readonly scores: ReadonlyMap<string, readonly number[]>;
}

/** Options of {@link readTrecRun}. */
export interface ReadTrecOptions {
  signal?: AbortSignal | undefined;
}

const columns = ["query", "Q0", "document", "rank", "score", "tag"];

/**
 * Reads a run file (`query Q0 document rank score tag`) in the order in which trec_eval takes it: by score downwards,
 * compared as 32-bit floats, then by document id downwards, byte by byte. Ranks and the order of the lines do not count.
 *
 * @throws ClewError `not-found`; `unreadable-source` naming file and line for a malformed line, a document that a query
 *   has twice, or a second tag
 * @see trec_eval 9, form_res_rels.c
 */
export async function readTrecRun(path: string, options: ReadTrecOptions = {}): Promise<TrecRun> {
  checkKeys("readTrecRun", options, ["signal"] satisfies (keyof ReadTrecOptions)[]);
  const found = new Map<string, Map<string, number>>();
  let tag: string | undefined;
  for await (const read of readLines(path, options.signal)) {
    const { where } = read;
    const [query, , document, rank, score, name] = trecColumns(read, columns) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    trecNumber("rank", rank, where);
    tag ??= name;
    if (name !== tag) {
      throw new ClewError("unreadable-source", `${where}: the tag is "${name}", but the file began with "${tag}".`);
    }
    const ranking = found.get(query) ?? new Map<string, number>();
    if (ranking.has(document)) {
      throw new ClewError("unreadable-source", `${where}: query ${query} has the document ${document} twice.`);
    }
    ranking.set(document, trecNumber("score", score, where));
    found.set(query, ranking);
  }
  const run = new Map<string, string[]>();
  const scores = new Map<string, number[]>();
  const breathe = breather(options.signal, 100_000);
  for (const [query, ranking] of found) {
    await breathe(ranking.size);
    const order = [...ranking].sort(inTrecOrder);
    run.set(
      query,
      order.map(([id]) => id),
    );
    scores.set(
      query,
      order.map(([, score]) => score),
    );
  }
  return { tag: tag ?? "", run, scores };
}

function inTrecOrder([idA, scoreA]: readonly [string, number], [idB, scoreB]: readonly [string, number]): number {
  const [a, b] = [Math.fround(scoreA), Math.fround(scoreB)];
  if (a !== b) return a > b ? -1 : 1;
  return Buffer.compare(Buffer.from(idB), Buffer.from(idA));
}

/** Options of {@link writeTrecRun}. */
export interface WriteTrecRunOptions {
  /** Name of the run, without white space. */
  tag: string;
  signal?: AbortSignal | undefined;
}

/**
 * Writes a run file, whole or not at all. The ranking is taken as it is, and the score column counts down to 1: whoever
 * sorts by score finds the same order again, which the scores of a fused or reranked list do not promise.
 *
 * @throws ClewError `invalid-option` for an id or tag with white space, or a document that a ranking names twice
 */
export async function writeTrecRun(path: string, run: Run, options: WriteTrecRunOptions): Promise<void> {
  checkKeys("writeTrecRun", options, ["tag", "signal"] satisfies (keyof WriteTrecRunOptions)[]);
  const { tag, signal } = options;
  checkTrecId("tag", tag);
  await writeBeside(path, (beside) => writeLines(beside, runLines(run, tag), signal));
}

function* runLines(run: Run, tag: string): Generator<string> {
  for (const [query, ranking] of run) {
    checkTrecId("run", query);
    if (new Set(ranking).size < ranking.length) throw invalidOption("run", "made of distinct ids", query);
    for (const [index, id] of ranking.entries()) {
      yield `${query} Q0 ${checkTrecId("run", id)} ${index + 1} ${ranking.length - index} ${tag}`;
    }
  }
}
