import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sourceInput } from "@clew/core/testing";
import { readBeir, shuffled } from "@clew/evaluate";
import { attackCases } from "./attacks/attack-cases.js";
import { cleanSources } from "./attacks/harbour-corpus.js";
import { measureUtility, type UtilityOptions } from "./attacks/measure-utility.js";
import { runAttacks } from "./attacks/run-attacks.js";
import { beirSources } from "./beir-sources.js";
import { writeReport } from "./write-report.js";

/** Options of `benchmark attack`. */
export interface AttackOptions {
  /** BEIR folder with answers for the clean questions. @default `../shared/datasets/hotpotqa`, else the set's own corpus */
  readonly data?: string | undefined;
  readonly questions: number;
  readonly seed: number;
  readonly out?: string | undefined;
}

const besideTheProject = fileURLToPath(new URL("../../../shared/datasets/hotpotqa", import.meta.url));

/** How many attacks of the set succeed, against whom, and what the defences cost on clean questions. */
export async function attack({ data, questions, seed, out }: AttackOptions): Promise<void> {
  const { subjects, falls } = await runAttacks(attackCases);
  const rates = Object.values(subjects).map(({ success_rate }) => success_rate);
  console.table(
    Object.fromEntries(Object.entries(subjects).map(([name, { by_family: _, ...figures }]) => [name, figures])),
  );
  for (const { id, subject, findings } of falls) {
    console.log(
      `${id} (${subject}): ${findings.map(({ oracle, what }) => `${oracle}: ${what.slice(0, 200)}`).join("; ")}`,
    );
  }
  const folder = data ?? (existsSync(besideTheProject) ? besideTheProject : undefined);
  const utility = await measureUtility(
    folder === undefined ? ownQuestions() : await questionsOf(folder, questions, seed),
  );
  console.table(utility);
  if (out === undefined) return;
  await writeReport(out, {
    cases: attackCases.length,
    success_rate: Math.max(...rates),
    utility_loss_points: utility.loss_points,
    subjects,
    utility: { data: folder === undefined ? "own corpus" : folder.split("/").at(-1), seed, ...utility },
    falls,
  });
}

function ownQuestions(): UtilityOptions {
  return {
    sources: cleanSources.map(({ title, text }, n) => sourceInput({ id: `clean:${n}`, title, text })),
    texts: cleanSources.map(({ text }) => text),
    questions: cleanSources,
    attacks: attackCases,
  };
}

async function questionsOf(folder: string, count: number, seed: number): Promise<UtilityOptions> {
  const { corpus, queries } = await readBeir(folder);
  const answerable = queries.flatMap(({ text, answer }) =>
    answer === undefined || /^(?:yes|no)$/i.test(answer.trim()) ? [] : [{ question: text, gold: answer }],
  );
  return {
    sources: [...beirSources(corpus)],
    texts: corpus.map(({ text }) => text),
    questions: shuffled(answerable, seed).slice(0, count),
    attacks: attackCases,
  };
}
