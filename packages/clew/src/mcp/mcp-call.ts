import { ClewError, raceSignal, redact } from "@clew/core";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { CheckedMcpOptions } from "./mcp-options.js";

/** What a handler is given of a request. */
export interface McpRequest {
  /** Aborted when the client cancels, leaves, or the server stops. */
  readonly signal: AbortSignal;
  /** Tells the client, where it asked to be told, what happens. */
  progress(message: string): void;
}

interface Extra {
  readonly signal: AbortSignal;
  readonly _meta?: { readonly progressToken?: string | number | undefined } | undefined;
  sendNotification(notification: {
    method: "notifications/progress";
    params: { progressToken: string | number; progress: number; message: string };
  }): Promise<void>;
}

/** Carries a request out: links its signals, counts its progress, and shows no key of what fails. */
export async function mcpCall(
  { ready, signal: stopping }: Pick<CheckedMcpOptions, "ready" | "signal">,
  extra: Extra,
  work: (request: McpRequest) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  const signal = stopping === undefined ? extra.signal : AbortSignal.any([extra.signal, stopping]);
  const token = extra._meta?.progressToken;
  let steps = 0;
  const progress = (message: string): void => {
    if (token === undefined || signal.aborted) return;
    const params = { progressToken: token, progress: ++steps, message };
    // a client that has left is told nothing; the request's own signal ends the work
    extra.sendNotification({ method: "notifications/progress", params }).catch(() => undefined);
  };
  try {
    await raceSignal(Promise.resolve(ready), signal);
    return await work({ signal, progress });
  } catch (failure) {
    const message = redact(failure instanceof Error ? failure.message : String(failure));
    throw new ClewError(ClewError.isInstance(failure) ? failure.code : "retriever-failed", message, { cause: failure });
  }
}
