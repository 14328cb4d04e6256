import { access } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { ClewError, checkKeys } from "@clew/core";
import type { Qrels } from "@clew/core/measure";
import { readLines } from "./read-lines.js";

/** A document of a BEIR folder. */
export interface BeirDocument {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** A query of a BEIR folder, with whatever else its line holds. */
export interface BeirQuery {
  readonly id: string;
  readonly text: string;
  /** Gold answer, where the set has one. */
  readonly answer?: string | undefined;
  /** The whole line. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An evaluation set in BEIR's layout. */
export interface BeirDataset {
  readonly name: string;
  readonly corpus: readonly BeirDocument[];
  readonly queries: readonly BeirQuery[];
  readonly qrels: Qrels;
}

/** Options of {@link readBeir}. */
export interface ReadBeirOptions {
  /** File of the queries. @default "queries.jsonl" */
  queries?: string | undefined;
  /** File of the judgements: query-id, corpus-id, score, tab-separated, with a header line. @default "qrels.tsv", else "qrels/test.tsv" */
  qrels?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Reads a folder of `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and `qrels.tsv`.
 *
 * @throws ClewError `not-found` for a missing file, `unreadable-source` naming file and line for a broken one, or for an
 *   id or a judgement that is there twice
 * @see Thakur et al., "BEIR", NeurIPS 2021
 */
export async function readBeir(folder: string, options: ReadBeirOptions = {}): Promise<BeirDataset> {
  checkKeys("readBeir", options, ["queries", "qrels", "signal"] satisfies (keyof ReadBeirOptions)[]);
  const { queries = "queries.jsonl", qrels, signal } = options;
  const corpus: BeirDocument[] = [];
  for await (const { id, text, fields } of records(join(folder, "corpus.jsonl"), signal)) {
    corpus.push({ id, title: typeof fields.title === "string" ? fields.title : "", text });
  }
  const asked: BeirQuery[] = [];
  for await (const { id, text, fields } of records(join(folder, queries), signal)) {
    const answer = typeof fields.answer === "string" ? fields.answer : undefined;
    asked.push({ id, text, answer, fields });
  }
  const judged = join(folder, qrels ?? ((await exists(join(folder, "qrels.tsv"))) ? "qrels.tsv" : "qrels/test.tsv"));
  return { name: basename(resolve(folder)), corpus, queries: asked, qrels: await readQrels(judged, signal) };
}

async function readQrels(path: string, signal: AbortSignal | undefined): Promise<Qrels> {
  const qrels = new Map<string, Map<string, number>>();
  let first = true;
  for await (const { line, where } of readLines(path, signal)) {
    const [query, document, score = "", ...more] = line.split("\t");
    const grade = score.trim() === "" ? Number.NaN : Number(score);
    const header = first && query === "query-id" && document === "corpus-id";
    first = false;
    if (header) continue;
    if (!query || !document || !Number.isFinite(grade) || more.length > 0) {
      throw new ClewError("unreadable-source", `${where}: expected query-id, corpus-id and score, tab-separated.`);
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

interface BeirRecord {
  readonly id: string;
  readonly text: string;
  readonly fields: Record<string, unknown>;
}

async function* records(path: string, signal: AbortSignal | undefined): AsyncGenerator<BeirRecord> {
  const seen = new Set<string>();
  for await (const { line, where } of readLines(path, signal)) {
    let fields: unknown;
    try {
      fields = JSON.parse(line);
    } catch (cause) {
      throw new ClewError("unreadable-source", `${where}: not JSON.`, { cause });
    }
    if (typeof fields !== "object" || fields === null)
      throw new ClewError("unreadable-source", `${where}: not an object.`);
    const { _id: id, text } = fields as Record<string, unknown>;
    if (typeof id !== "string" || typeof text !== "string") {
      throw new ClewError("unreadable-source", `${where}: _id and text must be texts.`);
    }
    if (seen.has(id)) throw new ClewError("unreadable-source", `${where}: the id ${id} is there twice.`);
    seen.add(id);
    yield { id, text, fields: fields as Record<string, unknown> };
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // the one question asked: is it there
  }
}
