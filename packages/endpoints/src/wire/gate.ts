import { raceSignal } from "@clew/core";

/** Lets only so many in at once, in the order in which they came. */
export interface Gate {
  /** Resolves with the way out, which must be taken once; rejects with the signal's reason. */
  enter(signal: AbortSignal | undefined): Promise<() => void>;
}

/** A gate for `places` at once. */
export function gate(places: number): Gate {
  let free = places;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    enter: async (signal) => {
      signal?.throwIfAborted();
      if (free > 0) free -= 1;
      else {
        let admit: () => void = () => undefined;
        const turn = new Promise<void>((resolve) => {
          admit = resolve;
        });
        waiting.push(admit);
        try {
          await raceSignal(turn, signal);
        } catch (error) {
          const at = waiting.indexOf(admit);
          // who was let in at the very moment of leaving hands the place on
          if (at >= 0) waiting.splice(at, 1);
          else leave();
          throw error;
        }
      }
      let inside = true;
      return () => {
        if (inside) leave();
        inside = false;
      };
    },
  };
}
