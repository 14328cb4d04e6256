import {
  type Capabilities,
  checkKeys,
  type Grade,
  note,
  type Policy,
  type PolicyCall,
  type PolicyState,
  positiveInteger,
  renderEvidence,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { z } from "zod/v4";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { type Models, serveModels } from "../models.js";
import { type Prompts, promptsWith } from "../prompts/prompts.js";
import { askForJson } from "./ask-for-json.js";
import {
  compose,
  gradesAsText,
  type PromptPart,
  planAsText,
  queriesAsText,
  turnsAsText,
  verdictsAsText,
} from "./compose.js";
import { gradesFrom, planFrom, routeFrom } from "./decisions.js";
import { graderSchema, plannerSchema, routerSchema } from "./schemas.js";
import { writeDraft } from "./write-draft.js";

/** Options of {@link llmPolicy}. */
export interface LlmPolicyOptions {
  /** Chat models: one for everything, or one for each role. @default those of the agent */
  models?: Models | undefined;
  /** What the models can do, where they do not say so themselves. @default unknown: found out by trying, with notes */
  capabilities?: Capabilities | undefined;
  /** Style, language, persona or form of the answer. They do not change what counts as supported. @default none */
  instructions?: string | undefined;
  /** System prompts in place of the library's, by role. @default the library's */
  prompts?: Partial<Prompts> | undefined;
  /** Most tokens of one answer of a model. @default 1024 */
  maxTokens?: number | undefined;
  /** Most characters of evidence in one prompt, in UTF-16 code units. @default 24000 */
  maxEvidenceChars?: number | undefined;
}

/**
 * The policy of chat models. Each decision is asked for as structured output, by the method that the model can do, and
 * validated; a decision that cannot be used, or that the budget refuses, is taken by the extractive policy, with a note.
 * What the router wants said without looking anything up is said only if it claims nothing.
 * The writer's text is parsed as it streams; of a writer that cites nothing, code looks the quotes up.
 *
 * @throws ClewError `invalid-option`
 */
export function llmPolicy(options: LlmPolicyOptions = {}): Policy {
  checkKeys("llmPolicy", options, [
    "models",
    "capabilities",
    "instructions",
    "prompts",
    "maxTokens",
    "maxEvidenceChars",
  ]);
  const { capabilities = {}, instructions = "", maxTokens = 1024, maxEvidenceChars = 24_000 } = options;
  positiveInteger("maxTokens", maxTokens);
  positiveInteger("maxEvidenceChars", maxEvidenceChars);
  const prompts = promptsWith(options.prompts ?? {});
  const serve = options.models === undefined ? undefined : serveModels(options.models);
  const fallback = extractivePolicy();
  const withModels = (call: PolicyCall): PolicyCall =>
    serve === undefined ? call : { ...call, model: (role) => serve(role, call) };

  /** Asks a role; undefined where its answer cannot be used, with a note that says why. */
  const decide = async <T>(
    role: "router" | "planner" | "grader",
    state: PolicyState,
    given: PolicyCall,
    { parts, schema, rules }: { parts: readonly PromptPart[]; schema: z.ZodType<T>; rules?: string },
  ): Promise<T | undefined> => {
    given.signal?.throwIfAborted();
    const call = withModels(given);
    const served = await call.model(role);
    const composed = compose(call.runtime, ...parts);
    for (const one of composed.notes) await call.note?.(one);
    const answer = await askForJson(call, {
      role,
      node: role,
      branch: `round ${state.hops.at(-1)?.hop ?? 0}`,
      system: [prompts[role], composed.rules, rules ?? ""].filter((text) => text !== "").join("\n\n"),
      user: composed.user,
      schema,
      served,
      capabilities: served.capabilities ?? capabilities,
      maxTokens,
    });
    if (answer.kind === "value") return answer.value;
    if (answer.kind === "refused") {
      const limits = [...answer.limits];
      await call.note?.(
        note("budget-reached", `The limit of ${limits.join(", ")} leaves no room for the ${role}.`, { limits }),
      );
    } else await fellBack(call, role, answer.reason);
    return undefined;
  };

  const writeAs = (role: "writer" | "repair", state: PolicyState, call: PolicyCall, extra: readonly PromptPart[]) => {
    const style = instructions === "" ? "" : `\n\nForm of the answer (the rules above stand):\n${instructions}`;
    return writeDraft(state, withModels(call), {
      role,
      system: prompts[role] + style,
      parts: [
        ["Conversation", turnsAsText(state.conversation), "untrusted"],
        ["Question", state.question, "question"],
        ["Parts of the question", state.plan.subQuestions.length > 1 ? gradesAsText(state) : "", "untrusted"],
        ...extra,
      ],
      maxTokens,
      maxChars: maxEvidenceChars,
      fallback,
    });
  };

  return {
    id: "llm",
    version: `2:${contentHash(JSON.stringify([prompts, instructions])).slice(0, 12)}`,
    route: async (state, call) => {
      const parts: PromptPart[] = [
        ["Conversation", turnsAsText(state.conversation), "untrusted"],
        ["Question", state.question, "question"],
      ];
      const answer = await decide("router", state, call, { parts, schema: routerSchema });
      const decided = answer === undefined ? undefined : routeFrom(answer, state);
      if (answer !== undefined && decided === undefined) await fellBack(call, "router", "it gave no text to say");
      if (decided?.note !== undefined) await call.note?.(decided.note);
      return decided?.route ?? fallback.route(state, call);
    },
    plan: async (state, call) => {
      const sources = state.sources.map(({ name, about }) => `${name}: ${about}`).join("\n");
      const parts: PromptPart[] = [
        ["Sources", sources, "own"],
        ["Question", state.question, "question"],
      ];
      const answer = await decide("planner", state, call, { parts, schema: plannerSchema });
      const plan = answer === undefined ? undefined : planFrom(answer);
      if (answer !== undefined && plan === undefined) await fellBack(call, "planner", "it gave no sub-question");
      return plan ?? fallback.plan(state, call);
    },
    grade: async (state, call): Promise<readonly Grade[]> => {
      const {
        text,
        instructions: rules,
        notes,
      } = renderEvidence(state.evidence, {
        runtime: call.runtime,
        maxChars: maxEvidenceChars,
      });
      for (const one of notes) await call.note?.(one);
      const parts: PromptPart[] = [
        ["Question", state.question, "question"],
        ["Sub-questions", planAsText(state), "untrusted"],
        ["Queries so far", queriesAsText(state.hops), "untrusted"],
        ["Evidence", text === "" ? "(none)" : text, "own"],
      ];
      const answer = await decide("grader", state, call, { parts, schema: graderSchema, rules });
      return answer === undefined ? fallback.grade(state, call) : gradesFrom(answer, state);
    },
    async *write(state, call) {
      call.signal?.throwIfAborted();
      yield* state.evidence.length === 0 ? fallback.write(state, call) : writeAs("writer", state, call, []);
    },
    async *repair(state, verified, call) {
      call.signal?.throwIfAborted();
      yield* writeAs("repair", state, call, [["Answer to correct", verdictsAsText(verified), "untrusted"]]);
    },
  };
}

const fellBack = async (call: PolicyCall, role: string, reason: string): Promise<void> =>
  call.note?.(note("fell-back", `The ${role} could not be used (${reason}); code decided instead.`, { role }));
