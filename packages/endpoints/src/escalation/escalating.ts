import {
  type Answer,
  addUsage,
  type Budget,
  ClewError,
  checkKeys,
  invalidOption,
  joinTraces,
  type Note,
  note,
  noUsage,
  type Runtime,
  redact,
  systemRuntime,
} from "@clew/core";
import { supportOf } from "./support-of.js";

/** What answers questions: an agent, by its `ask`. */
export interface Rung<O extends RungOptions = RungOptions> {
  ask(question: string, options?: O): Promise<Answer>;
}

/** The options of `ask` that are understood here; the others are handed on as they are. */
export interface RungOptions {
  readonly signal?: AbortSignal | undefined;
  /** Limits of the whole; each rung gets what the ones before it left. */
  readonly budget?: Budget | undefined;
}

/** Options of {@link escalating}. */
export interface EscalatingOptions<O extends RungOptions> {
  /** From the cheapest to the best, by name: `{ extractive, tuned, base }`, in this order. */
  rungs: Readonly<Record<string, Rung<NoInfer<O>>>>;
  /** An answer whose score is at least this is given; see `fitEscalation`. 0 to 1; above 1 none is. */
  threshold: number;
  /** What an answer of a rung, told by its name, is worth: 0 to 1, on one scale for all rungs. @default `supportOf` */
  score?: ((answer: Answer, rung: string) => number) | undefined;
  /** Clock of the budget. @default `systemRuntime` */
  runtime?: Pick<Runtime, "now"> | undefined;
}

/**
 * Asks one agent after the other until an answer's score reaches the threshold. Every step leaves a note `x-escalated`;
 * usage and traces of all rungs are in the answer, and `budget` limits them together. Where none reaches it the answer
 * abstains: what was found stays in its evidence, but nothing is claimed.
 *
 * `escalating<AskOptions>({ … })` hands on all the options of agents, not `signal` and `budget` alone.
 *
 * @throws ClewError `invalid-option`; its `ask` the signal's reason, and the last rung's error where no rung answered
 */
export function escalating<O extends RungOptions = RungOptions>(options: EscalatingOptions<O>): Rung<O> {
  checkKeys("escalating", options, ["rungs", "threshold", "score", "runtime"]);
  const { rungs, threshold, score = supportOf, runtime = systemRuntime } = options;
  const steps = Object.entries(rungs);
  if (steps.length === 0) throw invalidOption("rungs", "one agent at least");
  for (const [name, rung] of steps) {
    if (typeof rung?.ask !== "function") throw invalidOption(`rungs.${name}`, "an agent: something with ask()");
  }
  if (!(threshold >= 0)) throw invalidOption("threshold", "a number of 0 or more", threshold);

  return {
    ask: async (question, asked) => {
      const started = runtime.now();
      const notes: Note[] = [];
      const answers: Answer[] = [];
      let failure: unknown;
      for (const [index, [name, rung]] of steps.entries()) {
        asked?.signal?.throwIfAborted();
        const left = leftOf(asked?.budget, answers, runtime.now() - started);
        if (left.spent.length > 0) {
          const limits = left.spent.join(", ");
          notes.push(
            note("budget-reached", `The limit of ${limits} leaves nothing for ${name}.`, { limits: left.spent }),
          );
          break;
        }
        let answer: Answer;
        try {
          answer = await rung.ask(question, withBudget(asked, left.budget));
        } catch (error) {
          asked?.signal?.throwIfAborted();
          if (ClewError.isInstance(error) && error.code === "invalid-option") throw error;
          failure = error;
          const reason = redact(error instanceof Error ? error.message : String(error));
          notes.push(note("fell-back", `${name} failed: ${reason}`, { rung: name, index }));
          continue;
        }
        answers.push(answer);
        const worth = score(answer, name);
        if (!(worth >= 0 && worth <= 1)) throw invalidOption("score", "a function that gives 0 to 1", worth);
        const shown = Number(worth.toFixed(4));
        if (worth >= threshold) {
          const said = `${name} answers: its answer scores ${shown}, and ${threshold} is enough.`;
          return whole(
            answers,
            answer,
            [...notes, note("x-escalated", said, { rung: name, index, score: shown, threshold })],
            runtime,
          );
        }
        const next = steps[index + 1]?.[0];
        const then = next === undefined ? "no other is left" : `${next} is asked`;
        notes.push(
          note("x-escalated", `The answer of ${name} scores ${shown}, below ${threshold}: ${then}.`, {
            ...{ rung: name, index, score: shown, threshold },
          }),
        );
      }
      const last = answers.at(-1);
      if (last === undefined) {
        if (failure !== undefined) throw failure;
        throw new ClewError("budget-impossible", "The budget leaves nothing for the first rung: raise it.");
      }
      const said = note("not-covered", "No answer is supported well enough to be given.", { threshold });
      return whole(
        answers,
        { ...last, status: "abstained", text: "", sentences: [], citations: [] },
        [...notes, said],
        runtime,
      );
    },
  };
}

/** The answer with the cost and the record of everything that was asked on the way. */
const whole = (
  answers: readonly Answer[],
  given: Answer,
  notes: readonly Note[],
  runtime: Pick<Runtime, "now">,
): Answer => ({
  ...given,
  notes: [...given.notes, ...notes],
  usage: addUsage(...answers.map(({ usage }) => usage)),
  trace:
    answers.length === 1
      ? given.trace
      : joinTraces({ run: given.id, traces: answers.map(({ trace }) => trace), runtime }),
});

/** What earlier rungs left of the limits. */
function leftOf(
  budget: Budget | undefined,
  answers: readonly Answer[],
  ms: number,
): { budget: Budget | undefined; spent: (keyof Budget)[] } {
  if (budget === undefined || answers.length === 0) return { budget, spent: [] };
  const { inputTokens, outputTokens, usd, calls } = addUsage(noUsage, ...answers.map(({ usage }) => usage));
  const used = { tokens: inputTokens + outputTokens, usd, calls, ms, hops: 0 };
  const left: { -readonly [K in keyof Budget]: Budget[K] } = {};
  const spent: (keyof Budget)[] = [];
  for (const [limit, most] of Object.entries(budget) as [keyof Budget, number | undefined][]) {
    if (most === undefined) continue;
    left[limit] = Math.max(0, most - used[limit]);
    // a limit of 0 was the caller's wish, and free rungs may work with it
    if (left[limit] === 0 && most > 0) spent.push(limit);
  }
  return { budget: left, spent };
}

const withBudget = <O extends RungOptions>(options: O | undefined, budget: Budget | undefined): O | undefined =>
  budget === undefined ? options : ({ ...options, budget } as O);
