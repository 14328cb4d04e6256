import { setImmediate as turn } from "node:timers/promises";
import type { CompletionEngine, CompletionRequest } from "./completion-engine.js";

/** What a scripted engine writes for a request; an error is thrown after the pieces before it. */
export type Script = (request: CompletionRequest) => readonly (string | Error)[] | "endless";

/** A {@link CompletionEngine} that remembers. */
export interface ScriptedEngine extends CompletionEngine {
  readonly requests: readonly CompletionRequest[];
  /** Requests that it stopped working on because their signal said so. */
  readonly stopped: number;
  readonly closed: boolean;
}

/** An engine without a model, for tests of the layers above: a token is a piece of the script, or a word of the prompt. */
export function scriptedEngine(script: Script): ScriptedEngine {
  const requests: CompletionRequest[] = [];
  let stopped = 0;
  let closed = false;
  return {
    models: ["scripted"],
    requests,
    get stopped() {
      return stopped;
    },
    get closed() {
      return closed;
    },
    complete: async (request, { signal, onText }) => {
      requests.push(request);
      const pieces = script(request);
      let text = "";
      let count = 0;
      while (pieces === "endless" || count < Math.min(pieces.length, request.maxTokens)) {
        await turn();
        if (signal.aborted) {
          stopped += 1;
          throw signal.reason;
        }
        const piece = pieces === "endless" ? "on " : pieces[count]!;
        if (piece instanceof Error) throw piece;
        count += 1;
        text += piece;
        onText(piece);
      }
      const inputTokens = request.messages.flatMap((message) => message.text.split(" ")).length;
      return { text, finish: count < pieces.length ? "length" : "stop", inputTokens, outputTokens: count };
    },
    close: async () => {
      closed = true;
    },
  };
}
