import { ClewError, redact } from "@clew/core";
import { isGraphBubbleUp } from "@langchain/langgraph";

/**
 * A failure as a tool may show it to a model: without what looks like a key, the original as `cause`. What ends or pauses the
 * caller's own run goes through as it is.
 */
export function toolFailure(failure: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true || isGraphBubbleUp(failure as Error)) return failure;
  const message = redact(failure instanceof Error ? failure.message : String(failure));
  return new ClewError(ClewError.isInstance(failure) ? failure.code : "retriever-failed", message, { cause: failure });
}
