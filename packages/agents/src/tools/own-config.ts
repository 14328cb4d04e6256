import type { RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** Keys by which LangGraph recognises a graph inside a graph. */
const isGraphs = (key: string): boolean =>
  key.startsWith("__pregel_") || key.startsWith("checkpoint") || key === "thread_id";

/** Whether a config is what LangGraph gave a node, or a tool in one. */
export const isNodes = ({ configurable = {} }: RunnableConfig): boolean =>
  Object.keys(configurable).some((key) => key.startsWith("__pregel_"));

/** What a run of its own is handed of its caller's config: callbacks, tags, metadata, signal and the caller's own `configurable`. */
export function ownConfig({ callbacks, tags, metadata, signal, configurable = {} }: RunnableConfig): RunnableConfig {
  return {
    ...(callbacks === undefined ? {} : { callbacks }),
    ...(tags === undefined ? {} : { tags }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(signal === undefined ? {} : { signal }),
    configurable: Object.fromEntries(Object.entries(configurable).filter(([key]) => !isGraphs(key))),
  };
}

/**
 * Runs work as a run of its own, under the caller's callbacks: inside a graph, LangGraph would take it for a subgraph and keep
 * its state in the caller's thread, where two calls side by side write over each other.
 */
export const asOwnRun = <T>(config: RunnableConfig, work: () => Promise<T>): Promise<T> =>
  AsyncLocalStorageProviderSingleton.runWithConfig(config, work);
