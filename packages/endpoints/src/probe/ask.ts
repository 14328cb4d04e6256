import { ClewError } from "@clew/core";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import { asNumber, asRecord, asText } from "../kinds/read-json.js";
import { HttpFailure } from "../wire/http-failure.js";

/** What came of one question of a probe. */
export type Asked =
  | { readonly kind: "answered"; readonly message: AIMessageChunk; readonly pieces: number }
  /** The server takes no such request; another try would change nothing. */
  | { readonly kind: "refused"; readonly why: string; readonly message: string }
  /** It failed in a way that says nothing about the ability. */
  | { readonly kind: "failed"; readonly why: string };

const longestEvidence = 120;

/** Asks a model with few tokens, streamed or not. A refused key, and a caller who has left, are thrown. */
export async function askModel(
  model: Pick<BaseChatModel, "stream" | "invoke">,
  question: string,
  {
    streamed = false,
    signal,
    options = {},
    enough,
    first = false,
  }: {
    readonly streamed?: boolean | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly options?: object | undefined;
    /** Leaves a stream at its first piece. */
    readonly enough?: boolean | undefined;
    /** Where nobody is reached, the error is thrown. */
    readonly first?: boolean | undefined;
  },
): Promise<Asked> {
  const config = { ...options, ...(signal === undefined ? {} : { signal }) };
  try {
    if (!streamed) return { kind: "answered", message: await model.invoke(question, config), pieces: 1 };
    let whole: AIMessageChunk | undefined;
    let pieces = 0;
    for await (const chunk of await model.stream(question, config)) {
      whole = whole === undefined ? chunk : whole.concat(chunk);
      if (chunk.text !== "") pieces += 1;
      if (enough === true) break;
    }
    if (whole === undefined) return { kind: "failed", why: "nothing came" };
    return { kind: "answered", message: whole, pieces };
  } catch (error) {
    signal?.throwIfAborted();
    if (ClewError.isInstance(error)) {
      const code = (error as ClewError).code;
      if (code === "service-refused" || code === "missing-key" || code === "missing-package") throw error;
    }
    const { cause, status, message } = asRecord(error as object) ?? {};
    if (first && cause instanceof HttpFailure && cause.status === undefined) throw error;
    const found = asNumber(asRecord(cause)?.status) ?? asNumber(status);
    const said = asText(asRecord(cause)?.message) ?? asText(message) ?? String(error);
    const why = cut(said);
    const isRefusal = found !== undefined && found >= 400 && found < 500 && found !== 408 && found !== 429;
    // 501 is how some servers say that they lack a feature
    if (isRefusal || found === 501) return { kind: "refused", why: `refused with ${found}: ${why}`, message: said };
    return { kind: "failed", why: found === undefined ? why : `failed with ${found}: ${why}` };
  }
}

/** A text for a line of a report. */
export function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longestEvidence ? `${line.slice(0, longestEvidence - 1)}…` : line;
}
