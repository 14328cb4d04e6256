import type { ModelSource } from "@clew/core";
import { type ScriptedAnswer, type ScriptedRequest, scriptedModel } from "@clew/core/testing";
import type { BeirQuery } from "@clew/evaluate";
import { type GoldStep, type GoldTexts, goldSteps } from "./gold-steps.js";

/** Questions and what is known of them. */
export interface OracleOptions extends GoldTexts {
  readonly queries: readonly BeirQuery[];
}

/**
 * A chat model that knows the gold decompositions: it plans them, finds a step answered when the passage that states the
 * answer is before it, and writes the answers found, each with its evidence. It knows nothing of where the passages are: what
 * it measures is the loop. Questions without a decomposition are planned as they stand.
 */
export function oracleModel({ queries, ...gold }: OracleOptions): ModelSource {
  const steps = new Map(queries.map((query) => [query.text, goldSteps(query, gold)]));
  const model = scriptedModel({ model: "oracle", answers: (request) => reply(request, steps, gold) });
  return () => ({ model, served: "oracle", capabilities: { jsonSchema: true }, notes: [] });
}

function reply(
  { messages, responseFormat }: ScriptedRequest,
  known: ReadonlyMap<string, readonly GoldStep[]>,
  { corpus }: GoldTexts,
): ScriptedAnswer {
  const user = messages.at(-1)!.text;
  const question = /(?:^|\n)Question:\n(.*)/.exec(user)?.[1] ?? "";
  const steps = known.get(question) ?? [];
  const role = (responseFormat as { json_schema?: { name?: string } } | undefined)?.json_schema?.name;
  const shown = evidenceIn(user);
  const statedBy = ({ support }: GoldStep): string[] => {
    const beginnings = support.map((id) => corpus.get(id)!.text.slice(0, compared));
    return shown.filter(({ text }) => beginnings.some((one) => text.startsWith(one))).map(({ id }) => id);
  };
  if (role === "router_answer") return { json: { kind: "retrieve", question, text: null, why: "a question" } };
  if (role === "planner_answer") {
    const parts = steps.map(({ id, question: text, dependsOn }) => ({ id, question: text, dependsOn }));
    return { json: { subQuestions: parts.length > 0 ? parts : [{ id: "q1", question, dependsOn: [] }] } };
  }
  if (role === "grader_answer") {
    const answers = new Map(steps.filter((step) => statedBy(step).length > 0).map(({ id, answer }) => [id, answer]));
    return {
      json: {
        grades: steps.map((step) => {
          const evidence = statedBy(step);
          if (evidence.length > 0) {
            return { id: step.id, answered: true, evidence, answer: step.answer, missing: null, query: null };
          }
          // a step that was not asked yet is asked by the plan as soon as it can be
          const wasAsked =
            step.dependsOn.every((id) => answers.has(id)) && user.includes(filled(step.question, answers));
          const query = wasAsked ? filled(step.retry, answers) : null;
          return { id: step.id, answered: false, evidence: [], answer: null, missing: step.question, query };
        }),
      },
    };
  }
  const written = steps.flatMap((step) => {
    const [evidence] = statedBy(step);
    return evidence === undefined ? [] : [`${step.answer}. [${evidence}]`];
  });
  return written.length > 0 ? written.join("\n") : "NOT COVERED";
}

/** Characters by which a passage is known: unseen ones are left out of prompts, but seldom so early. */
const compared = 60;

const filled = (text: string, answers: ReadonlyMap<string, string>): string =>
  text.replace(/\{(q\d)\}/g, (whole, id: string) => answers.get(id) ?? whole);

/** Evidence as the prompt shows it. */
function evidenceIn(prompt: string): { id: string; text: string }[] {
  const blocks = prompt.matchAll(/<<<evidence (E\d+) (\S+)\n([\s\S]*?)\n>>>end \1 \2/g);
  return [...blocks].map(([, id, , block]) => ({ id: id!, text: block!.replace(/^[\s\S]*?text:\n/, "") }));
}
