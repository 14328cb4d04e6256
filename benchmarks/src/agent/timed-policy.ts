import type { Policy } from "@clew/core";

/** A policy that is listened to. */
export interface TimedPolicy {
  readonly policy: Policy;
  /** CPU time inside the policy's methods since the last call, all threads of the process, in milliseconds. */
  takeMs(): number;
}

/**
 * Counts the CPU time that a policy's own methods take: what decides and writes, which is the part that a chat model would
 * play. Methods that run at the same time are counted once.
 */
export function timedPolicy(policy: Policy): TimedPolicy {
  let spent = 0;
  let running = 0;
  let started = process.cpuUsage();
  const enter = (): void => {
    if (running++ === 0) started = process.cpuUsage();
  };
  const leave = (): void => {
    if (--running > 0) return;
    const { user, system } = process.cpuUsage(started);
    spent += (user + system) / 1000;
  };
  const whole = async <T>(work: () => Promise<T>): Promise<T> => {
    enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
  // what the graph does with an event is its own time
  async function* each<T>(events: AsyncIterable<T>): AsyncGenerator<T> {
    const iterator = events[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await whole(() => iterator.next());
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  const { repair, extract, judge } = policy;
  return {
    policy: {
      ...policy,
      route: (...given) => whole(() => policy.route(...given)),
      plan: (...given) => whole(() => policy.plan(...given)),
      grade: (...given) => whole(() => policy.grade(...given)),
      write: (...given) => each(policy.write(...given)),
      ...(repair === undefined ? {} : { repair: (...given) => each(repair.apply(policy, given)) }),
      ...(extract === undefined ? {} : { extract: (...given) => each(extract.apply(policy, given)) }),
      ...(judge === undefined ? {} : { judge: (...given) => whole(() => judge.apply(policy, given)) }),
    },
    takeMs: () => {
      const taken = spent;
      spent = 0;
      return taken;
    },
  };
}
