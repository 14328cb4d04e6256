import { type Evidence, type Grade, invalidOption, type Plan } from "@clew/core";
import { z } from "zod/v4";

/** Steps before which a person can be asked: the search as planned, the writing from what was found. */
export const approvalPoints = ["plan", "write"] as const;

/** A step before which a person is asked. */
export type ApprovalPoint = (typeof approvalPoints)[number];

/** What a person is asked to approve. Plain JSON: it is also the value of LangGraph's interrupt. */
export type ApprovalRequest =
  | { readonly kind: "plan"; readonly question: string; readonly plan: Plan }
  | {
      readonly kind: "write";
      readonly question: string;
      readonly plan: Plan;
      /** How far each sub-question is. */
      readonly grades: readonly Grade[];
      readonly evidence: readonly Evidence[];
    };

/** What a person decided. */
export type ApprovalDecision =
  | { readonly approve: true }
  /** Go on with another plan; only where a plan was to be approved. */
  | { readonly plan: Plan }
  /** Stop here, and why: the answer abstains. */
  | { readonly reject: string };

const approve = z.strictObject({ approve: z.literal(true) });
const reject = z.strictObject({ reject: z.string() });
const subQuestion = z.strictObject({
  id: z.string(),
  question: z.string(),
  dependsOn: z.array(z.string()),
  source: z.string().optional(),
});
const plan = z.strictObject({ plan: z.strictObject({ subQuestions: z.array(subQuestion).min(1) }) });

/** Form of the decisions at each point, as LangGraph checks what resumes a run. */
export const decisionSchemas = { plan: z.union([approve, plan, reject]), write: z.union([approve, reject]) };

/**
 * Returns a decision that fits its point.
 *
 * @throws ClewError `invalid-option`
 */
export function checkDecision(point: ApprovalPoint, decision: unknown): ApprovalDecision {
  const read = decisionSchemas[point].safeParse(decision);
  if (read.success) return read.data;
  const forms = point === "plan" ? "{ approve: true }, { plan } or { reject }" : "{ approve: true } or { reject }";
  throw invalidOption("decision", forms, decision);
}

/**
 * Returns the points, each once.
 *
 * @throws ClewError `invalid-option` for any that there is not
 */
export function checkApprovalPoints(points: readonly ApprovalPoint[]): ReadonlySet<ApprovalPoint> {
  if (!Array.isArray(points) || !points.every((point) => approvalPoints.includes(point))) {
    throw invalidOption("approve", `a list of ${approvalPoints.map((point) => `"${point}"`).join(" and ")}`, points);
  }
  return new Set(points);
}
