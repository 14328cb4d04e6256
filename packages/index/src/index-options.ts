import { availableParallelism } from "node:os";
import {
  type AccessLists,
  checkKeys,
  type Embedder,
  invalidOption,
  isEmbedder,
  type Metadata,
  nonNegative,
  positiveInteger,
  type Runtime,
  type Splitter,
  systemRuntime,
} from "@clew/core";
import { type Analyzer, analyzer as englishAnalyzer } from "@clew/core/text";
import { defaultSplitter } from "./default-splitter.js";
import type { MetadataSchema } from "./metadata-schema.js";
import type { QueryTermCounts } from "./search/bm25.js";
import type { FieldWeights } from "./segment/segment-builder.js";
import { lexicalFields } from "./segment/source-rows.js";

/** Options of `openIndex` and `memoryIndex`. */
export interface IndexOptions<M extends Metadata = Metadata> {
  /** Makes the dense leg; not closed with the index. @default none: lexical only */
  embedder?: Embedder | undefined;
  /** @default the splitter of `@clew/core/text`: 200 tokens, overlap 30, counted and capped by the embedder */
  splitter?: Splitter | undefined;
  /** @default English, of `@clew/core/text` */
  analyzer?: Analyzer | undefined;
  /** Whether sources without an access list are seen by all of the tenant or by nobody. @default "optional" */
  accessLists?: AccessLists | undefined;
  /** Checks and types the metadata of sources. @default any flat metadata */
  metadata?: MetadataSchema<M> | undefined;
  /** BM25: how soon repetition stops to count (0 or more). @default 1.2 */
  k1?: number | undefined;
  /** BM25: how much length counts, 0 to 1. @default 0.75 */
  b?: number | undefined;
  /** Weight of each field in the lexical leg (0 or more); 0 leaves it out. @default 1 each */
  fields?: Partial<FieldWeights> | undefined;
  /**
   * How often a term counts that the query repeats: once ("distinct"), each time as in reference implementations ("all"),
   * or ever less ("saturated": twice counts 4/3, however often less than 2). @default "saturated"
   */
  queryTerms?: QueryTermCounts | undefined;
  /** Keep a link leg: titles, headings and rare names by which passages point to one another. @default true */
  links?: boolean | undefined;
  /** Tenants whose search structures stay in memory, the last ones searched; others are loaded anew. @default 64 */
  tenantsKept?: number | undefined;
  /** Threads that a dense search over many passages may use, the calling one among them. @default the cores available, at most 8 */
  threads?: number | undefined;
  /** Clock of `syncedAt`. @default `systemRuntime` */
  runtime?: Runtime | undefined;
}

/** Options with their defaults, checked. */
export interface CheckedIndexOptions {
  readonly embedder: Embedder | undefined;
  readonly splitter: Splitter;
  /** Readies the splitter; it may have to load a tokenizer. */
  readonly ready: (signal: AbortSignal | undefined) => Promise<void>;
  readonly analyzer: Analyzer;
  readonly accessLists: AccessLists;
  readonly metadata: MetadataSchema | undefined;
  readonly k1: number;
  readonly b: number;
  readonly fields: FieldWeights;
  readonly queryTerms: QueryTermCounts;
  readonly links: boolean;
  readonly tenantsKept: number;
  readonly threads: number;
  readonly runtime: Runtime;
}

/** More cores than this wait for memory. */
const mostThreads = 8;
const queryTermCounts: readonly QueryTermCounts[] = ["distinct", "saturated", "all"];

const known = [
  "embedder",
  "splitter",
  "analyzer",
  "accessLists",
  "metadata",
  "k1",
  "b",
  "fields",
  "queryTerms",
  "links",
  "tenantsKept",
  "threads",
  "runtime",
  "readOnly",
] satisfies (keyof IndexOptions | "readOnly")[];

/** @throws ClewError `invalid-option` for an unknown option or a value out of range */
export function checkIndexOptions(options: IndexOptions): CheckedIndexOptions {
  checkKeys("an index", options, known);
  const { embedder, splitter, analyzer = englishAnalyzer(), metadata, fields = {}, runtime = systemRuntime } = options;
  const {
    accessLists = "optional",
    queryTerms = "saturated",
    k1 = 1.2,
    b = 0.75,
    links = true,
    tenantsKept = 64,
  } = options;
  const { threads = Math.min(availableParallelism(), mostThreads) } = options;
  positiveInteger("tenantsKept", tenantsKept);
  positiveInteger("threads", threads);
  if (embedder !== undefined && !isEmbedder(embedder)) {
    throw invalidOption(
      "embedder",
      "an embedder; make one of LangChain embeddings with await embedderFrom(embeddings)",
    );
  }
  if (accessLists !== "optional" && accessLists !== "required") {
    throw invalidOption("accessLists", '"optional" or "required"', accessLists);
  }
  if (!queryTermCounts.includes(queryTerms)) {
    throw invalidOption("queryTerms", `one of ${queryTermCounts.join(", ")}`, queryTerms);
  }
  if (typeof links !== "boolean") throw invalidOption("links", "true or false", links);
  nonNegative("k1", k1);
  if (nonNegative("b", b) > 1) throw invalidOption("b", "a number from 0 to 1", b);
  for (const field of Object.keys(fields)) {
    if (!(lexicalFields as readonly string[]).includes(field)) {
      throw invalidOption("fields", `weights of ${lexicalFields.join(", ")}`, fields);
    }
  }
  const weights = Object.fromEntries(
    lexicalFields.map((field) => [field, nonNegative(`fields.${field}`, fields[field] ?? 1)]),
  ) as Record<(typeof lexicalFields)[number], number>;
  const cutting = splitter === undefined ? defaultSplitter(embedder) : { splitter, ready: async () => undefined };
  return {
    embedder,
    ...cutting,
    analyzer,
    accessLists,
    metadata,
    k1,
    b,
    fields: weights,
    queryTerms,
    links,
    tenantsKept,
    threads,
    runtime,
  };
}
