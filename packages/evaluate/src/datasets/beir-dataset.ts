import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { ClewError } from "@clew/core";
import type { Qrels } from "../metrics/judgements.js";

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
}

/**
 * Reads a folder of `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and `qrels.tsv`.
 *
 * @throws ClewError `not-found` for a missing file, `unreadable-source` naming file and line for a broken one
 * @see Thakur et al., "BEIR", NeurIPS 2021
 */
export async function readBeir(
  folder: string,
  { queries = "queries.jsonl", qrels }: ReadBeirOptions = {},
): Promise<BeirDataset> {
  const corpus: BeirDocument[] = [];
  for await (const { fields, where } of records(join(folder, "corpus.jsonl"))) {
    corpus.push({
      id: text(fields._id, where),
      title: typeof fields.title === "string" ? fields.title : "",
      text: text(fields.text, where),
    });
  }
  const asked: BeirQuery[] = [];
  for await (const { fields, where } of records(join(folder, queries))) {
    const answer = typeof fields.answer === "string" ? fields.answer : undefined;
    asked.push({ id: text(fields._id, where), text: text(fields.text, where), answer, fields });
  }
  const judged = join(folder, qrels ?? ((await exists(join(folder, "qrels.tsv"))) ? "qrels.tsv" : "qrels/test.tsv"));
  return { name: basename(folder), corpus, queries: asked, qrels: await readQrels(judged) };
}

async function readQrels(path: string): Promise<Qrels> {
  const qrels = new Map<string, Map<string, number>>();
  let number = 0;
  for await (const line of lines(path)) {
    number += 1;
    const [query, document, score] = line.split("\t");
    if (number === 1 && !Number.isFinite(Number(score))) continue; // the header
    if (query === undefined || document === undefined || !Number.isFinite(Number(score ?? "x"))) {
      throw new ClewError("unreadable-source", `${path}, line ${number}: expected query-id, corpus-id and score.`);
    }
    const judgements = qrels.get(query) ?? new Map<string, number>();
    judgements.set(document, Number(score));
    qrels.set(query, judgements);
  }
  return qrels;
}

async function* records(path: string): AsyncGenerator<{ fields: Record<string, unknown>; where: string }> {
  let number = 0;
  for await (const line of lines(path)) {
    number += 1;
    const where = `${path}, line ${number}`;
    let fields: unknown;
    try {
      fields = JSON.parse(line);
    } catch (cause) {
      throw new ClewError("unreadable-source", `${where}: not JSON.`, { cause });
    }
    if (typeof fields !== "object" || fields === null)
      throw new ClewError("unreadable-source", `${where}: not an object.`);
    yield { fields: fields as Record<string, unknown>, where };
  }
}

async function* lines(path: string): AsyncGenerator<string> {
  if (!(await exists(path))) throw new ClewError("not-found", `${path} does not exist; a BEIR folder needs it.`);
  for await (const line of createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (line.trim() !== "") yield line;
  }
}

function text(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  throw new ClewError("unreadable-source", `${where}: _id and text must be texts.`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false; // the one question asked: is it there
  }
}
