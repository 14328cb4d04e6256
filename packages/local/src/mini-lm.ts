import { fileURLToPath } from "node:url";
import { checkKeys, type Embedder, positiveInteger } from "@clew/core";
import { defaultThreads } from "./default-threads.js";
import { workerEmbedder } from "./worker-embedder.js";

/** Options of {@link miniLM}. */
export interface MiniLMOptions {
  /** Threads of one inference. @default the processors there are, 4 at most */
  threads?: number | undefined;
}

/**
 * The sentence embedder all-MiniLM-L6-v2, whose weights (int8, 23 MB) come with this package: 384 dimensions, English,
 * mean of the tokens, 256 tokens with the 2 special ones. It needs no network, and loads with its first call in a
 * worker thread of its own; make one and share it.
 *
 * @throws ClewError `invalid-option`; its calls `not-found`, `embedder-failed`, `closed`
 * @see Wang et al., "MiniLM", NeurIPS 2020; Reimers and Gurevych, "Sentence-BERT", EMNLP 2019
 */
export function miniLM(options: MiniLMOptions = {}): Embedder {
  checkKeys("miniLM", options, ["threads"] satisfies (keyof MiniLMOptions)[]);
  const { threads = defaultThreads() } = options;
  return workerEmbedder({
    fingerprint: {
      id: "sentence-transformers/all-MiniLM-L6-v2@int8-8199be6f",
      dimensions: 384,
      pooling: "mean",
      normalised: true,
      queryPrefix: "",
      documentPrefix: "",
      maxTokens: 256,
    },
    languages: ["en"],
    folder: fileURLToPath(new URL("../assets/all-MiniLM-L6-v2", import.meta.url)),
    dtype: "q8",
    threads: positiveInteger("threads", threads),
  });
}
