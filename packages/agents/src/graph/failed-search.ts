import { ClewError, type Note, note, redact } from "@clew/core";
import type { NextQuery } from "./run-state.js";

/**
 * Why a search brought nothing.
 *
 * @throws the failure where no search can be paid for, since a price is unknown
 */
export function failedSearch(
  failure: unknown,
  { subQuestion, source, query }: Pick<NextQuery, "subQuestion" | "source" | "query">,
): Note {
  const code = ClewError.isInstance(failure) ? failure.code : undefined;
  if (code === "budget-impossible") throw failure;
  const reason = redact(failure instanceof Error ? failure.message : String(failure));
  const where = source === undefined ? "" : ` in ${source}`;
  const refused = code === "outbound-refused";
  return note(
    code === "budget-reached" ? code : refused ? "outbound" : "sub-question-failed",
    `The search "${query}"${where} failed: ${reason}`,
    { subQuestion, ...(source === undefined ? {} : { source }), query, ...(refused ? { refused } : {}) },
  );
}
