import { ClewError, invalidOption, type JsonObject, type Policy } from "@clew/core";
import { type ExtractivePolicyOptions, extractivePolicy } from "../extractive/extractive-policy.js";
import type { RunInputs } from "../graph/run-inputs.js";
import { type LlmPolicyOptions, llmPolicy } from "../llm/llm-policy.js";

const made: Readonly<Record<string, (settings: JsonObject) => Policy>> = {
  extractive: (settings) => extractivePolicy(settings as ExtractivePolicyOptions),
  llm: ({ names: _, ...settings }) => llmPolicy(settings as LlmPolicyOptions),
};

/**
 * The policy of a recorded run.
 *
 * @throws ClewError `replay-diverged` for one of another id or version; `invalid-option` where it cannot be made of the record
 */
export function replayPolicy({ id, version, settings }: RunInputs["policy"], given: Policy | undefined): Policy {
  const again = given ?? (settings === undefined ? undefined : made[id]?.(settings));
  if (again === undefined) {
    throw invalidOption("policy", `given: the record does not hold how the policy "${id}" was made`);
  }
  if (again.id !== id || again.version !== version) {
    throw new ClewError(
      "replay-diverged",
      `The run was made with version ${version} of the policy "${id}"; this is version ${again.version} of "${again.id}". Line 0 differs.`,
    );
  }
  return again;
}
