import {
  type AnswerSentence,
  type Capabilities,
  checkKeys,
  type DraftEvent,
  type EvidenceId,
  type Grade,
  type JsonObject,
  type Judgement,
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
import { type Models, modelIds, modelRoles, namedRoles, serveModels } from "../models.js";
import { type Prompts, promptsWith } from "../prompts/prompts.js";
import { graderSources, plannerSources } from "../prompts/sources.js";
import { askForFields } from "../structured/ask-for-fields.js";
import { fieldsAsText } from "../structured/leaves-of.js";
import { askForJson } from "./ask-for-json.js";
import {
  compose,
  gradesAsText,
  type PromptPart,
  planAsText,
  queriesAsText,
  sourcesAsText,
  turnsAsText,
  verdictsAsText,
} from "./compose.js";
import { gradesFrom, planFrom, routeFrom } from "./decisions.js";
import { judgementsFrom, judgeRequest, judgeSchema, slicesOf } from "./judge-sentences.js";
import { passagesOf } from "./passages-of.js";
import { graderSchemaFor, plannerSchemaFor, routerSchema } from "./schemas.js";
import { withFollowUp } from "./with-follow-up.js";
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
  /** Milliseconds of silence after which a service is given up. @default 120,000 */
  timeoutMs?: number | undefined;
  /** Most characters of evidence in one prompt, in UTF-16 code units. @default 24000 */
  maxEvidenceChars?: number | undefined;
}

/** What a role is asked to decide. */
interface Decision<T> {
  readonly parts: readonly PromptPart[];
  readonly schema: z.ZodType<T>;
  /** Evidence whose text is in the prompt. @default none */
  readonly shown?: readonly EvidenceId[] | undefined;
  /** Stand behind the role's prompt. @default none */
  readonly rules?: string | undefined;
  /** Where in its node it is asked. @default the round */
  readonly branch?: string | undefined;
}

/**
 * The policy of chat models. Each decision is asked for as structured output, by the method that the model can do, and
 * validated; a decision that cannot be used, or that the budget refuses, is taken by the extractive policy, with a note.
 * What the router wants said without looking anything up is said only if it claims nothing.
 * The writer's text is parsed as it streams; of a writer that cites nothing, code looks the quotes up. Where a model is named
 * for the role `judge`, it looks at the sentences that code found supported, in one call for up to twenty of them.
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
    "timeoutMs",
    "maxEvidenceChars",
  ]);
  const { capabilities = {}, instructions = "", maxTokens = 1024, maxEvidenceChars = 24_000, timeoutMs } = options;
  positiveInteger("maxTokens", maxTokens);
  positiveInteger("maxEvidenceChars", maxEvidenceChars);
  if (timeoutMs !== undefined) positiveInteger("timeoutMs", timeoutMs);
  const prompts = promptsWith(options.prompts ?? {});
  const serve = options.models === undefined ? undefined : serveModels(options.models);
  const fallback = extractivePolicy();
  const withModels = (call: PolicyCall): PolicyCall => ({
    ...call,
    ...(serve === undefined ? {} : { names: namedRoles(options.models) }),
    model: async (role) => {
      const served = await call.model(role, serve === undefined ? undefined : () => serve(role, call));
      return { ...served, capabilities: served.capabilities ?? capabilities };
    },
  });

  /** Asks a role; undefined where its answer cannot be used, with a note that says why. */
  const decide = async <T>(
    role: "router" | "planner" | "grader" | "judge",
    state: PolicyState,
    given: PolicyCall,
    { parts, schema, shown = [], rules, branch }: Decision<T>,
  ): Promise<T | undefined> => {
    given.signal?.throwIfAborted();
    const call = withModels(given);
    const served = await call.model(role);
    const composed = compose(call.runtime, ...parts);
    for (const one of composed.notes) await call.note?.(one);
    const answer = await askForJson(call, {
      role,
      node: role,
      branch: branch ?? `round ${state.hops.at(-1)?.hop ?? 0}`,
      system: [prompts[role], composed.rules, rules ?? ""].filter((text) => text !== "").join("\n\n"),
      prompt: prompts[role],
      user: composed.user,
      passages: passagesOf(state, shown),
      schema,
      served,
      maxTokens,
      timeoutMs,
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

  async function* writeAs(
    role: "writer" | "repair",
    state: PolicyState,
    given: PolicyCall,
    verified: readonly AnswerSentence[] = [],
  ): AsyncGenerator<DraftEvent> {
    const call = withModels(given);
    const served = await call.model(role);
    if (role === "repair" && served.form?.repairs === false) {
      // it knows the one prompt that it was trained on: what it wrote stands
      for (const { text, citations } of verified) yield { type: "sentence", text, citations };
      return;
    }
    yield* writeDraft(state, call, {
      role,
      served,
      prompt: prompts[role],
      instructions,
      parts: [
        ["Conversation", turnsAsText(state.conversation), "untrusted"],
        ["Question", state.question, "question"],
        ["Parts of the question", state.plan.subQuestions.length > 1 ? gradesAsText(state) : "", "untrusted"],
        ["Answer to correct", verdictsAsText(verified), "untrusted"],
      ],
      maxTokens,
      timeoutMs,
      maxChars: maxEvidenceChars,
      fallback,
    });
  }

  return {
    id: "llm",
    ...(options.models === undefined ? {} : { models: modelIds(options.models) }),
    settings: {
      ...(JSON.parse(JSON.stringify({ capabilities, prompts: options.prompts })) as JsonObject),
      ...{ instructions, maxTokens, maxEvidenceChars },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(serve === undefined ? {} : { names: modelRoles.filter((role) => namedRoles(options.models)(role)) }),
    },
    version: `3:${contentHash(JSON.stringify([prompts, instructions])).slice(0, 12)}`,
    route: async (state, call) => {
      const parts: PromptPart[] = [
        ["Conversation", turnsAsText(state.conversation), "untrusted"],
        ["Question", state.question, "question"],
      ];
      const answer = await decide("router", state, call, { parts, schema: routerSchema });
      const decided = answer === undefined ? undefined : routeFrom(answer, state);
      if (answer !== undefined && decided === undefined) await fellBack(call, "router", "it gave no text to say");
      if (decided?.note !== undefined) await call.note?.(decided.note);
      return decided === undefined ? fallback.route(state, call) : withFollowUp(decided.route, state);
    },
    plan: async (state, call) => {
      const schema = plannerSchemaFor(state.sources.map(({ name }) => name));
      const parts: PromptPart[] = [
        ["Sources", sourcesAsText(state), "own"],
        ["Question", state.question, "question"],
        ["Fields to fill in", fieldsAsText(state.form), "own"],
      ];
      const answer = await decide("planner", state, call, {
        parts,
        schema,
        ...(state.sources.length > 1 ? { rules: plannerSources } : {}),
      });
      const plan = answer === undefined ? undefined : planFrom(answer);
      if (answer !== undefined && plan === undefined) await fellBack(call, "planner", "it gave no sub-question");
      return plan ?? fallback.plan(state, call);
    },
    grade: async (state, call): Promise<readonly Grade[]> => {
      const {
        text,
        instructions: rules,
        shown,
        notes,
      } = renderEvidence(state.evidence, {
        runtime: call.runtime,
        maxChars: maxEvidenceChars,
      });
      for (const one of notes) await call.note?.(one);
      const several = state.sources.length > 1;
      const parts: PromptPart[] = [
        ["Sources", several ? sourcesAsText(state) : "", "own"],
        ["Question", state.question, "question"],
        ["Fields to fill in", fieldsAsText(state.form), "own"],
        ["Sub-questions", planAsText(state), "untrusted"],
        ["Queries so far", queriesAsText(state.hops), "untrusted"],
        ["Evidence", text === "" ? "(none)" : text, "own"],
      ];
      const answer = await decide("grader", state, call, {
        parts,
        schema: graderSchemaFor(state.sources.map(({ name }) => name)),
        shown,
        rules: several ? `${graderSources}\n\n${rules}` : rules,
      });
      return answer === undefined ? fallback.grade(state, call) : gradesFrom(answer, state);
    },
    async *write(state, call) {
      call.signal?.throwIfAborted();
      yield* state.evidence.length === 0 ? fallback.write(state, call) : writeAs("writer", state, call);
    },
    async *extract(state, refused, call) {
      call.signal?.throwIfAborted();
      yield* askForFields(state, refused, withModels(call), {
        system: instructions === "" ? prompts.extractor : `${prompts.extractor}\n\nForm of texts:\n${instructions}`,
        maxTokens,
        maxChars: maxEvidenceChars,
      });
    },
    async *repair(state, verified, call) {
      call.signal?.throwIfAborted();
      yield* writeAs("repair", state, call, verified);
    },
    judge: async (sentences, state, call) => {
      const found: Judgement[] = [];
      // a judge costs a call: only who names a model for it gets one
      if (withModels(call).names?.("judge") !== true) return found;
      for (const slice of slicesOf(sentences, maxEvidenceChars)) {
        const judged = slice.map(({ text, citations }) => [text, citations.map(({ quote }) => quote)]);
        // the same sentences with the same quotes are judged once in a run
        const branch = contentHash(JSON.stringify(judged)).slice(0, 12);
        const { user, rules } = judgeRequest(slice, call);
        const answer = await decide("judge", state, call, {
          parts: [["Sentences", user, "own"]],
          schema: judgeSchema,
          shown: slice.flatMap(({ citations }) => citations.map(({ evidence }) => evidence)),
          rules,
          branch,
        });
        found.push(...judgementsFrom(answer ?? { judgements: [] }, slice.length));
      }
      return found;
    },
  };
}

const fellBack = async (call: PolicyCall, role: string, reason: string): Promise<void> =>
  call.note?.(note("fell-back", `The ${role} could not be used (${reason}); code decided instead.`, { role }));
