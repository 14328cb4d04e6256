import {
  type AnswerField,
  type AnswerSentence,
  type ExtractEvent,
  type FieldDraft,
  note,
  type ObjectForm,
  type PolicyCall,
  type RefusedField,
  safeAnswerText,
  untilAborted,
} from "@clew/core";
import { analyzer } from "@clew/core/text";
import type { RecordedRun } from "../graph/recorded-run.js";
import type { AgentParts, Run } from "../graph/run.js";
import { settled as callsSettled } from "../graph/run-deadline.js";
import type { Attempt, RunState, RunUpdate } from "../graph/run-state.js";
import { extractFields } from "./extract-fields.js";
import type { CheckedValue, CheckLeaf } from "./leaf-check.js";
import { leafAt } from "./leaves-of.js";
import { settleFields } from "./settle-fields.js";
import { verifyField } from "./verify-field.js";

/** What becomes of one draft. */
interface Judged {
  readonly draft: FieldDraft;
  readonly field: AnswerField;
}

/**
 * Fills a form in: the policy's values, each verified by code and checked by the schema; what was refused is asked for
 * once more; what is refused again is null, with a note.
 */
export async function writeFields(
  { policy, recorded }: AgentParts,
  state: RunState,
  run: Run,
  form: ObjectForm,
  check: CheckLeaf | undefined,
): Promise<RunUpdate> {
  const extract = policy.extract?.bind(policy) ?? extractFields;
  const judged = new Map<string, Judged>();
  let cut = false;

  const deadline = run.deadline();
  const onTime: PolicyCall = {
    ...deadline.call,
    note: async (one) => {
      if (one.code === "cut" && !deadline.signal.aborted) cut = true;
      await deadline.call.note?.(one);
    },
  };
  const take = async (events: AsyncIterable<ExtractEvent>): Promise<void> => {
    const drafts = new Map<string, FieldDraft>();
    for await (const event of events) {
      deadline.step();
      if (event.type === "note") {
        cut ||= event.note.code === "cut";
        await run.note(event.note);
      } else if (leafAt(form, event.field.path) !== undefined && !drafts.has(event.field.path)) {
        drafts.set(event.field.path, event.field);
      }
    }
    // what was given is judged, whatever the time then: that is a step of its own
    deadline.step();
    for (const draft of drafts.values()) {
      // each may read all evidence: others get their turn in between
      await callsSettled();
      run.signal?.throwIfAborted();
      const field = await judge(draft, [...drafts.values()], { form, run, check, recorded });
      const before = judged.get(draft.path);
      // a second try never takes away what the first had
      if (before === undefined || before.field.value === null) judged.set(draft.path, { draft, field });
    }
  };

  try {
    await take(untilAborted(extract(run.view, [], onTime), deadline.signal));
    const refused = [...judged.values()].filter(({ field }) => field.value === null);
    const mayRepair =
      refused.length > 0 &&
      policy.extract !== undefined &&
      (await run.decide((meter) => meter.reached().every((limit) => limit === "hops")));
    if (mayRepair) {
      const again = refused.map(({ draft, field: { reasons } }): RefusedField => ({ ...draft, reasons }));
      await take(untilAborted(extract(run.view, again, onTime), deadline.signal));
    }
  } catch (error) {
    run.signal?.throwIfAborted();
    if (!deadline.passed()) throw error;
    await deadline.missed();
    cut = true;
    await run.note(
      note("budget-reached", "The limit of ms was reached while the fields were filled in.", { limits: ["ms"] }),
    );
    // the evidence is there: what code finds in it costs nothing more
    if (judged.size === 0) await take(extractFields(run.view, [], run.call));
  } finally {
    deadline.clear();
  }

  for (const { draft, field } of judged.values()) {
    if (field.value !== null) continue;
    const { path, value } = draft;
    await run.note(note("unsupported", `${path} is null: ${field.reasons.join(" ")}`, { path, value }));
  }
  const found = new Map([...judged].map(([path, { field }]) => [path, field]));
  const { fields } = settleFields(form, found);
  const missing = Object.entries(fields).filter(([, { verdict }]) => verdict === "missing");
  if (missing.length > 0) {
    const paths = missing.map(([path]) => path);
    await run.note(note("not-covered", `Nothing in the evidence says ${paths.join(", ")}.`, { paths }));
  }
  const sentences: AnswerSentence[] = [];
  for (const [path, field] of Object.entries(fields)) {
    await run.record("field", { path, ...field });
    run.emit({ type: "field", path, field });
    if (field.value === null) continue;
    const uris = field.citations.flatMap(({ uri }) => uri ?? []);
    const { text, notes } = safeAnswerText(`${path.slice(1)}: ${field.value}`, uris);
    for (const one of notes) await run.note(one);
    const { citations, reasons } = field;
    sentences.push({ text, citations, reasons, verdict: field.verdict === "missing" ? "uncited" : field.verdict });
  }
  const attempt: Attempt = { sentences, cut };
  return { attempts: [...state.attempts, attempt], fields };
}

interface JudgeOptions {
  readonly form: ObjectForm;
  readonly run: Run;
  readonly check: CheckLeaf | undefined;
  readonly recorded: RecordedRun | undefined;
}

async function judge(
  draft: FieldDraft,
  all: readonly FieldDraft[],
  { form, run, check, recorded }: JudgeOptions,
): Promise<AnswerField> {
  const leaf = leafAt(form, draft.path)!;
  const parent = draft.path.slice(0, draft.path.lastIndexOf("/") + 1);
  const beside = all.flatMap(({ path, value }) =>
    path !== draft.path && path.startsWith(parent) && typeof value === "string" ? [value] : [],
  );
  const { field, notes } = verifyField(draft, { leaf, ledger: run.ledger, beside, analyzer: english });
  for (const one of notes) await run.note(one);
  if (field.value === null) return field;
  // without the schema, a replay takes what it said
  const again = recorded?.leaf(draft.path);
  const checked =
    check === undefined ? (again as unknown as CheckedValue | undefined) : await check(draft.path, field.value);
  if (checked === undefined) return field;
  await run.record("leaf", { path: draft.path, ...checked });
  if ("value" in checked) return { ...field, value: checked.value };
  const reason = `"${String(field.value)}" stands in the evidence, but is not what the schema asks for: ${checked.problem}`;
  return { value: null, citations: [], verdict: "unsupported", reasons: [reason] };
}

const english = analyzer();
