import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { RetrievalAgentOptions } from "../create-retrieval-agent.js";

export const question: string;
export function optionsOf(
  checkpointer: BaseCheckpointSaver | undefined,
  paid: (what: "model" | "search") => unknown,
  say?: (system: string, user: string) => object | string,
): RetrievalAgentOptions;
export function mortal<S extends BaseCheckpointSaver>(
  saver: S,
  options: {
    readonly after: number;
    readonly die: () => Promise<never>;
    readonly wrote?: (write: { readonly journal: boolean }) => void;
  },
): S;
