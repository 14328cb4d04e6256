import { onTestFinished } from "vitest";
import type { Index } from "../../index/index-port.js";
import type { LegOptions } from "../../index/leg-result.js";
import type { Snapshot } from "../../index/snapshot.js";
import type { Runtime } from "../../run/runtime.js";
import type { AccessLists } from "../../scope/is-visible.js";
import { type Scope, scope } from "../../scope/scope.js";
import type { Embedder } from "../../search/embedder.js";
import type { Hit } from "../../search/hit.js";
import type { PassageId } from "../../source/passage-id.js";
import type { SourceInput } from "../../source/source-input.js";
import type { Splitter } from "../../source/splitter.js";
import { analyzer as englishAnalyzer } from "../../text/analyzer.js";
import type { Analyzer } from "../../text/analyzer-port.js";
import type { SourceTextFields } from "../a-source.js";
import { fixedRuntime } from "../fixed-runtime.js";
import { type HashEmbedder, hashEmbedder } from "../hash-embedder.js";
import { paragraphSplitter } from "../paragraph-splitter.js";
import { sourceInputs } from "../source-input.js";

/** With what an index is to be opened: parts that the suite can see through. */
export interface IndexSetup {
  /** Absent: an index without a dense leg. */
  readonly embedder?: Embedder | undefined;
  readonly splitter: Splitter;
  readonly analyzer: Analyzer;
  readonly accessLists: AccessLists;
  readonly runtime: Runtime;
}

/** Options of `testIndex`. */
export interface TestIndexOptions {
  /** Opens a new index that holds nothing. The suite closes it. */
  open: (setup: IndexSetup) => Promise<Index>;
  /**
   * Closes the index and opens it again with the same data. @default none: an index that does not outlive its process;
   * what must survive is then not asked
   */
  reopen?: ((index: Index, setup: IndexSetup) => Promise<Index>) | undefined;
  /**
   * Whether lexical scores equal the BM25 of `referenceIndex` to 1e-6. False only for stores that score by a formula of
   * their own. @default true
   */
  bm25?: boolean | undefined;
}

/** An open index with what it was opened with. */
export interface Opened {
  readonly index: Index;
  readonly embedder: HashEmbedder;
  readonly setup: IndexSetup;
}

/** What the parts of the suite work with. */
export interface IndexBench {
  readonly options: TestIndexOptions;
  /** Opens an index for this test alone. */
  fresh(wish?: {
    accessLists?: AccessLists;
    dense?: boolean;
    embedder?: HashEmbedder;
    splitter?: Splitter;
  }): Promise<Opened>;
  /** Opens one and takes sources in. */
  holding(sources: readonly (string | SourceTextFields)[], wish?: { accessLists?: AccessLists }): Promise<Opened>;
}

/** The tenant of most tests. */
export const acme = scope("acme");

export const indexBench = (options: TestIndexOptions): IndexBench => {
  const fresh: IndexBench["fresh"] = async ({
    accessLists = "optional",
    dense = true,
    embedder = hashEmbedder(),
    splitter = paragraphSplitter(),
  } = {}) => {
    const setup: IndexSetup = {
      embedder: dense ? embedder : undefined,
      splitter,
      analyzer: englishAnalyzer(),
      accessLists,
      runtime: fixedRuntime({ tick: 1 }),
    };
    const index = await options.open(setup);
    onTestFinished(() => index.close());
    return { index, embedder, setup };
  };
  return {
    options,
    fresh,
    holding: async (sources, wish) => {
      const opened = await fresh(wish);
      await opened.index.sync(acme, sourceInputs(sources));
      return opened;
    },
  };
};

/** Searches one leg. */
export const searchLeg = async (
  index: Index,
  leg: "lexical" | "dense",
  text: string,
  { as = acme, ...options }: Partial<LegOptions> & { as?: Scope } = {},
): Promise<readonly Hit[]> =>
  (await index.in(as).read((snapshot) => snapshot[leg]({ text }, { k: 1000, ...options }))).hits;

/** The ids of hits. */
export const idsOf = (hits: readonly Hit[]): PassageId[] => hits.map(({ passage }) => passage.id);

/** The sources of hits, in their order. */
export const sourcesOf = (hits: readonly Hit[]): string[] => hits.map(({ passage }) => passage.source);

/** Ids and scores alone, for comparing rankings. */
export const ranking = (hits: readonly Hit[]): [PassageId, number][] =>
  hits.map(({ passage, score }) => [passage.id, score]);

/** Every passage that a scope sees, found by the dense leg, by id. */
export const everyPassage = async (index: Index, as: Scope = acme): Promise<PassageId[]> =>
  idsOf(await searchLeg(index, "dense", "anything", { as })).sort();

/** Reads one thing from a snapshot. */
export const look = <T>(index: Index, work: (snapshot: Snapshot) => Promise<T>, as: Scope = acme): Promise<T> =>
  index.in(as).read(work);

/** Counts how often each source is read. */
export function counted<Input extends SourceInput>(inputs: readonly Input[]): { inputs: Input[]; reads: string[] } {
  const reads: string[] = [];
  const watched = inputs.map((input) =>
    "failed" in input
      ? input
      : {
          ...input,
          read: (options: { readonly signal?: AbortSignal | undefined }) => {
            reads.push(input.id);
            return input.read(options);
          },
        },
  );
  return { inputs: watched, reads };
}
