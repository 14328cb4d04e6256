import type { RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { asOwnRun, isNodes, ownConfig } from "./own-config.js";

/**
 * The events of a run of its own, wherever it is asked for: in a node of somebody else's graph, LangGraph would take it for a
 * subgraph and keep its state, and what it streams, in the caller's thread. The caller's callbacks, tags, metadata and signal
 * reach it as they are where it is asked for, whenever the events are read.
 *
 * @param config what the caller hands over, which may be what its node was given
 */
export function ownRun<E>(
  config: RunnableConfig,
  events: (config: RunnableConfig, around: AbortSignal | undefined) => AsyncGenerator<E, void, undefined>,
): AsyncGenerator<E, void, undefined> {
  const asked: RunnableConfig | undefined = AsyncLocalStorageProviderSingleton.getRunnableConfig();
  const run = events(isNodes(config) ? ownConfig(config) : config, asked?.signal);
  const step = (work: () => Promise<IteratorResult<E, void>>): Promise<IteratorResult<E, void>> => {
    const around: RunnableConfig | undefined = asked ?? AsyncLocalStorageProviderSingleton.getRunnableConfig();
    return around === undefined ? work() : asOwnRun(ownConfig(around), work);
  };
  return (async function* own() {
    try {
      for (;;) {
        const next = await step(() => run.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await step(() => run.return());
    }
  })();
}
