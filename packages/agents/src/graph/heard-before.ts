import type { SourceId } from "@clew/core";
import type { RunState } from "./run-state.js";

/** Sources that what was said before the question may repeat: of a conversation that the caller brought, nobody knows. */
export function heardBefore(state: Partial<Pick<RunState, "heard" | "options">>): readonly SourceId[] | "any" {
  const brought = state.options?.conversation;
  return brought === undefined ? (state.heard ?? []) : brought.length > 0 ? "any" : [];
}
