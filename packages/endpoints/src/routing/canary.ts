import {
  type Call,
  checkKeys,
  invalidOption,
  type ModelSource,
  note,
  positiveInteger,
  type Runtime,
  systemRuntime,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { CircuitBreakerOptions } from "./circuit-breaker.js";
import { breakers, chosen, guarded } from "./lanes.js";
import type { RoutedSource } from "./routed.js";

/** Options of {@link canary}. */
export interface CanaryOptions {
  base: ModelSource;
  /** Serves its share of the runs; the base stands behind it. */
  candidate: ModelSource;
  /** Share of the runs that the candidate serves, 0 to 1. @default 0.05 */
  share?: number | undefined;
  /** Name of the trial: another one draws other runs. @default "canary" */
  name?: string | undefined;
  /** When a candidate that fails is left alone. @default 3 failures within 60 s; tried again after 30 s */
  breaker?: CircuitBreakerOptions | undefined;
  /** Longest silence of the candidate, in milliseconds. @default 30,000 */
  timeoutMs?: number | undefined;
  /** The same of the base where it stands in. @default 120,000 */
  baseTimeoutMs?: number | undefined;
  /** Clock of the breaker. @default `systemRuntime` */
  runtime?: Pick<Runtime, "now"> | undefined;
}

/**
 * Gives a share of the runs to a candidate. All calls of one run go the same way, also when it is resumed: by a hash of
 * the run's identity, or outside of runs by one draw that the call's journal keeps. The way is in the trace (`canary`),
 * and what the candidate serves has a note `x-canary`. A candidate that is missing, slow or failing gives way to the base
 * as in {@link routed}.
 *
 * @throws ClewError `invalid-option`
 */
export function canary(options: CanaryOptions): RoutedSource {
  checkKeys("canary", options, [
    "base",
    "candidate",
    "share",
    "name",
    "breaker",
    "timeoutMs",
    "baseTimeoutMs",
    "runtime",
  ]);
  const {
    base,
    candidate,
    share = 0.05,
    name = "canary",
    breaker = {},
    timeoutMs = 30_000,
    baseTimeoutMs = 120_000,
  } = options;
  const { runtime = systemRuntime } = options;
  if (!(share >= 0 && share <= 1)) throw invalidOption("share", "a number from 0 to 1", share);
  if (typeof name !== "string" || name === "") throw invalidOption("name", "a text that is not empty", name);
  positiveInteger("timeoutMs", timeoutMs);
  positiveInteger("baseTimeoutMs", baseTimeoutMs);
  const own = breakers(breaker, runtime)(name);

  return async (call) => {
    const site = { node: "canary", branch: name, ordinal: 0 };
    const { draw } = await call.journal.once(site, "canary", async () => {
      const drawn = drawOf(name, call);
      return { trial: name, draw: drawn, way: drawn < share ? "candidate" : "base" };
    });
    const below = await chosen(base, call);
    if (draw >= share) return below;
    const first = await chosen(candidate, call);
    const said = note("x-canary", `${first.served} serves this run on trial (${name}, ${share * 100} % of the runs).`, {
      trial: name,
      share,
      served: first.served,
    });
    return guarded(first, below, { call, breaker: own, timeoutMs, baseTimeoutMs, notes: [said] });
  };
}

/** A number in [0, 1). */
const drawOf = (name: string, { run, runtime }: Call): number =>
  run === undefined
    ? runtime.random()
    : Number.parseInt(contentHash(JSON.stringify([name, run])).slice(0, 8), 16) / 2 ** 32;
