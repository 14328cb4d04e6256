import { ClewError, type ClewErrorCode, mayPass, requestFailure, systemRuntime } from "@clew/core";

/** What another model may mend: it is not there, does not answer in time, or fails. */
export type FailureClass = "missing" | "slow" | "failing";

/** What another model would not mend. */
const final: ReadonlySet<ClewErrorCode> = new Set([
  "invalid-option",
  "missing-key",
  "missing-package",
  "service-refused",
  "budget-impossible",
  "closed",
]);
const unknownModel =
  /\b(?:model|adapter|lora|deployment|component|endpoint)\b.{0,200}(?:not (?:be )?(?:found|loaded|exist)|does ?n[o']t exist|unknown|unavailable)|(?:no such|unknown|invalid) (?:model|adapter|lora|deployment)/is;

/** Tells what a failed call says of the model; undefined for failures that lie in the request or its key. */
export function failureClass(error: unknown): FailureClass | undefined {
  const { status, message } = requestFailure(error, systemRuntime);
  const code = ClewError.isInstance(error) ? error.code : undefined;
  if (code === "not-found" || status === 404) return "missing";
  if (code === "timed-out" || status === 408 || status === 504) return "slow";
  if (code !== undefined && final.has(code)) return undefined;
  if (status === undefined || mayPass({ status, message })) return "failing";
  return (status === 400 || status === 422) && unknownModel.test(message) ? "missing" : undefined;
}
