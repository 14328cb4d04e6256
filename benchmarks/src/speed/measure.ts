import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beirTexts } from "./corpus/beir-texts.js";
import { clusteredVectors } from "./corpus/clustered-vectors.js";
import { exactNeighbours } from "./corpus/exact-neighbours.js";
import { writeCorpus } from "./corpus/speed-corpus.js";
import { syntheticTexts } from "./corpus/synthetic-texts.js";
import { folderSize } from "./folder-size.js";
import { type LegFigures, legFigures, type Sample } from "./leg-figures.js";
import { type SystemProcess, systemProcess } from "./process/system-process.js";
import type { LegName, System } from "./systems/system.js";

/** Options of {@link measure}. */
export interface MeasureOptions {
  readonly systems: readonly System[];
  readonly passages: number;
  /** BEIR folders; none for synthetic texts. */
  readonly data: readonly string[];
  readonly rounds: number;
  /** Questions over all rounds. */
  readonly queries: number;
  readonly dimensions: number;
  readonly k: number;
  readonly seed: number;
  /** Milliseconds for building, and for opening. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly tell: (progress: string) => void;
}

/** What building a system took. */
export interface BuildFigures {
  readonly build_ms: number;
  /** Processor time of all threads. */
  readonly build_cpu_ms: number;
  readonly passages_per_s: number;
  /** Milliseconds until a fresh process has opened it; absent for systems that live in memory. */
  readonly open_ms?: number | undefined;
  /** Bytes a passage over the texts, after the first questions. */
  readonly memory_per_passage: number;
  /** The part of it that JavaScript's heap and its buffers account for. */
  readonly javascript_per_passage: number;
  /** Bytes a passage, texts included. */
  readonly disk_per_passage?: number | undefined;
}

/** What was measured over one number of passages. */
export interface SizeFigures {
  /** Mean bytes (UTF-8) of a text. */
  readonly text_per_passage: number;
  readonly build: Readonly<Record<string, BuildFigures>>;
  readonly legs: Readonly<Record<LegName, Readonly<Record<string, LegFigures>>>>;
  /** Systems that did not get through, and why. */
  readonly failed: Readonly<Record<string, string>>;
}

/** Questions before the first round, of each leg. */
const warmUps = 20;
const warmUpBudgetMs = 3000;
/** A system slower than that a round answers fewer questions. */
const turnBudgetMs = 4000;
/** However long one question takes, beyond it the system is given up. */
const turnLimitMs = 120_000;

/** Builds every system over the same texts, then lets them answer the same questions in turns, one working at a time. */
export async function measure(options: MeasureOptions): Promise<SizeFigures> {
  const { systems, passages, data, rounds, queries, dimensions, k, seed, limitMs, signal, tell } = options;
  const folder = await mkdtemp(join(tmpdir(), "clew-speed-"));
  const corpus = join(folder, "corpus");
  const running = new Map<System, SystemProcess>();
  const started = new Set<SystemProcess>();
  const endAll = (): void => {
    for (const one of started) void one.end();
  };
  signal.addEventListener("abort", endAll);
  const start = (system: System): SystemProcess => {
    signal.throwIfAborted();
    const one = systemProcess(system.name);
    started.add(one);
    return one;
  };
  const failed: Record<string, string> = {};
  const attempt = async <T>(system: System, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      failed[system.name] = (error as Error).message;
      tell(`${system.name}: ${failed[system.name]}`);
      await running.get(system)?.end();
      running.delete(system);
      return undefined;
    }
  };

  try {
    tell(`${passages} passages: writing texts and vectors`);
    const wanted = { passages, queries: queries + warmUps, seed };
    const texts = data.length > 0 ? await beirTexts({ ...wanted, data }) : syntheticTexts(wanted);
    const vectors = clusteredVectors({ ...wanted, dimensions });
    await writeCorpus(corpus, texts, vectors);
    const textBytes = texts.passages.reduce((sum, { title, text }) => sum + Buffer.byteLength(title + text), 0);
    const nearest = new Map(
      systems.some(({ legs }) => legs.includes("dense")) ? exactNeighbours(vectors, k).entries() : [],
    );

    const build: Record<string, BuildFigures> = {};
    for (const system of systems) {
      tell(`${passages} passages: building ${system.name}`);
      await attempt(system, async () => {
        const place = join(folder, system.name);
        let one = start(system);
        running.set(system, one);
        const built = await one.ask({ ask: "build", corpus, folder: place }, limitMs);
        let opened: number | undefined;
        if (!built.open) {
          await one.end();
          one = start(system);
          running.set(system, one);
          opened = (await one.ask({ ask: "open", corpus, folder: place }, limitMs)).ms;
        }
        const firsts = Array.from({ length: warmUps }, (_, index) => queries + index);
        for (const leg of system.legs.filter(isPlain)) {
          await one.ask({ ask: "search", leg, queries: firsts, k, budgetMs: warmUpBudgetMs }, turnLimitMs);
        }
        const held = await one.ask({ ask: "memory" }, turnLimitMs);
        for (const leg of system.legs.filter((name) => !isPlain(name))) {
          await one.ask({ ask: "search", leg, queries: firsts, k, budgetMs: warmUpBudgetMs }, turnLimitMs);
        }
        build[system.name] = {
          build_ms: built.ms,
          build_cpu_ms: built.cpuMs,
          passages_per_s: passages / (built.ms / 1000),
          open_ms: opened,
          memory_per_passage: held.resident / passages,
          javascript_per_passage: held.javascript / passages,
          disk_per_passage: opened === undefined ? undefined : (await folderSize(place)) / passages,
        };
      });
    }

    const samples = new Map<LegName, Map<System, Sample[]>>();
    for (let round = 0; round < rounds; round++) {
      const slice = range(Math.floor((round * queries) / rounds), Math.floor(((round + 1) * queries) / rounds));
      for (const leg of legsOf([...running.keys()])) {
        const entrants = systems.filter((system) => system.legs.includes(leg) && running.has(system));
        for (const system of rotated(entrants, round)) {
          tell(`${passages} passages: round ${round + 1} of ${rounds}, ${leg}, ${system.name}`);
          await attempt(system, async () => {
            const one = running.get(system)!;
            const answered = await one.ask(
              { ask: "search", leg, queries: slice, k, budgetMs: turnBudgetMs },
              turnLimitMs,
            );
            const bySystem = samples.get(leg) ?? new Map<System, Sample[]>();
            samples.set(leg, bySystem);
            bySystem.set(system, [...(bySystem.get(system) ?? []), ...answered.map((one) => ({ round, ...one }))]);
          });
        }
      }
    }
    return {
      text_per_passage: textBytes / passages,
      build,
      legs: Object.fromEntries([...samples].map(([leg, bySystem]) => [leg, figuresOf(leg, bySystem, nearest)])),
      failed,
    };
  } finally {
    signal.removeEventListener("abort", endAll);
    await Promise.all([...started].map((one) => one.end()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Ours comes first wherever it takes part: the base of the ratios, and the reference of the lexical legs. */
function figuresOf(
  leg: LegName,
  bySystem: ReadonlyMap<System, readonly Sample[]>,
  nearest: ReadonlyMap<number, readonly string[]>,
): Record<string, LegFigures> {
  const base = bySystem.size > 1 ? [...bySystem].find(([{ name }]) => isOurs(name))?.[1] : undefined;
  const reference =
    leg === "dense"
      ? nearest
      : leg === "lexical" && base !== undefined
        ? new Map(base.map(({ query, ids }) => [query, ids]))
        : undefined;
  return Object.fromEntries(
    [...bySystem].map(([{ name }, samples]) => [name, legFigures({ samples, base, reference })]),
  );
}

/** Whether a system is clew itself. */
export const isOurs = (name: string): boolean => name.startsWith("clew");

/** Without a model's inference. */
const isPlain = (leg: LegName): boolean => !leg.includes("+");

const legsOf = (systems: readonly System[]): LegName[] => [...new Set(systems.flatMap(({ legs }) => legs))];

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index);

const rotated = <T>(values: readonly T[], by: number): T[] =>
  values.map((_, index) => values[(index + by) % values.length]!);
