let last: Promise<void> = Promise.resolve();

/**
 * Lets other work of the process run, timers and sockets too: what only awaits promises never does. Of those that breathe at the same
 * time one goes on at each turn of the event loop, so that their work does not add up to one long turn.
 *
 * @throws the signal's reason when it is aborted by then
 */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  await last;
  signal?.throwIfAborted();
}

type Node<State, Config extends { readonly signal?: AbortSignal | undefined }, Update> = (
  state: State,
  config: Config,
) => Promise<Update>;

/** A node that breathes before it begins. */
export const breathing =
  <State, Config extends { readonly signal?: AbortSignal | undefined }, Update>(
    node: Node<State, Config, Update>,
  ): Node<State, Config, Update> =>
  async (state, config) => {
    await breathe(config.signal);
    return node(state, config);
  };
