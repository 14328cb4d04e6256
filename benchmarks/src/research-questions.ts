import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A question that is asked over one filing. */
export interface FilingQuestion {
  readonly id: string;
  readonly text: string;
  readonly filing: string;
  /** Pages that hold the answer, from 1. */
  readonly pages: readonly number[];
  readonly answer: string;
  /** What of them the answer rests on. */
  readonly evidence: readonly string[];
}

/** Reads the questions of a folder with `queries.jsonl` (_id, text, answer, evidence: doc_name, page, text), in its order. */
export async function readFilingQuestions(data: string): Promise<FilingQuestion[]> {
  const lines = (await readFile(join(data, "queries.jsonl"), "utf8")).split("\n").filter((line) => line.trim() !== "");
  return lines.flatMap((line): FilingQuestion[] => {
    const { _id: id, text, answer, evidence }: Line = JSON.parse(line);
    const filing = evidence[0]?.doc_name;
    if (filing === undefined) return [];
    const own = evidence.filter(({ doc_name }) => doc_name === filing);
    return [
      { ...{ id, text, answer, filing }, pages: own.map(({ page }) => page), evidence: own.map((one) => one.text) },
    ];
  });
}

interface Line {
  readonly _id: string;
  readonly text: string;
  readonly answer: string;
  readonly evidence: readonly { readonly doc_name: string; readonly page: number; readonly text: string }[];
}
