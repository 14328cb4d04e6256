import { note } from "@clew/core";
import { interrupt } from "@langchain/langgraph";
import { type ApprovalDecision, type ApprovalRequest, checkDecision, decisionSchemas } from "../approval.js";
import { checkPlan } from "./check-plan.js";
import type { Node } from "./look-nodes.js";
import { readyQueries } from "./ready-queries.js";
import { type AgentParts, openRun, type Run } from "./run.js";
import type { RunUpdate } from "./run-state.js";

/** Waits for a person to look at the plan, who may change it. */
export const approvePlanNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "approvePlan" });
    const decision = waitFor(parts, { kind: "plan", question: state.question, plan: state.planned });
    await run.record("decision", { on: "plan", by: "person", ...decision });
    if ("reject" in decision) return reject(run, "plan", decision.reject);
    if (!("plan" in decision)) return run.close({});
    const { plan, problems } = checkPlan(decision.plan, run.view.question);
    await run.note(note("person-decided", "A person changed the plan."));
    for (const problem of problems) await run.note(note("repaired", `The plan was changed: ${problem}.`));
    await run.record("plan", plan);
    run.emit({ type: "plan", plan });
    return run.close({ planned: plan, queries: readyQueries(plan, [], new Set()) });
  };

/** Waits for a person to look at the evidence before anything is written from it. */
export const approveWriteNode =
  (parts: AgentParts): Node =>
  async (state, config) => {
    const run = openRun(parts, state, config, { node: "approveWrite" });
    const decision = waitFor(parts, {
      kind: "write",
      question: state.question,
      plan: state.planned,
      grades: state.grades,
      evidence: run.ledger.list(),
    });
    await run.record("decision", { on: "write", by: "person", ...decision });
    return "reject" in decision ? reject(run, "write", decision.reject) : run.close({});
  };

/** Interrupts the graph until it is resumed with a decision. Nothing with an effect may come before: the node runs anew. */
function waitFor({ recorded }: AgentParts, request: ApprovalRequest): ApprovalDecision {
  if (recorded !== undefined) return checkDecision(request.kind, recorded.decision(request.kind));
  const plain = JSON.parse(JSON.stringify(request)) as ApprovalRequest;
  return checkDecision(request.kind, interrupt(plain, { responseSchema: decisionSchemas[request.kind] }));
}

async function reject(run: Run, point: "plan" | "write", reason: string): Promise<RunUpdate> {
  const what = point === "plan" ? "the plan" : "writing from the evidence";
  const why = reason.trim() === "" ? "." : `: ${reason.trim()}`;
  await run.note(note("person-decided", `A person did not approve ${what}${why}`, { on: point, approved: false }));
  return run.close({ queries: [], stopped: "rejected" });
}
