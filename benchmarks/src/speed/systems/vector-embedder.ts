import { type Embedder, noUsage } from "@clew/core";
import { miniLM } from "@clew/local";
import type { SpeedCorpus, SpeedQuery } from "../corpus/speed-corpus.js";

/** An embedder that knows the vectors beforehand, so that a search is timed without its inference, or with it. */
export interface VectorEmbedder extends Embedder {
  /** Runs the real MiniLM over the next questions before their known vectors are returned. */
  infer(on: boolean): void;
}

/** Hands out vectors by text; texts are as clew embeds them. */
export function vectorEmbedder(
  dimensions: number,
  { corpus, queries = [] }: { corpus?: SpeedCorpus | undefined; queries?: readonly SpeedQuery[] | undefined },
): VectorEmbedder {
  const asked = new Map(queries.map(({ text, vector }) => [text, vector]));
  const rows = new Map(corpus?.passages.map((passage, row) => [passage.whole, row]));
  let inferring = false;
  let model: Embedder | undefined;
  const known = (text: string): Float32Array => {
    const row = rows.get(text);
    if (row === undefined || corpus === undefined) {
      throw new Error(`No vector for "${text.slice(0, 80)}…": wholeText is not the embeddingText of core any more.`);
    }
    return corpus.vectorOf(row).slice();
  };
  return {
    fingerprint: {
      id: "speed",
      dimensions,
      pooling: "model",
      normalised: true,
      queryPrefix: "",
      documentPrefix: "",
      maxTokens: 1 << 16,
    },
    tokenCounter: async () => (text) => text.length,
    embedDocuments: async (texts) => ({ vectors: texts.map(known), usage: noUsage, notes: [] }),
    embedQuery: async (text, options) => {
      if (inferring) {
        model ??= miniLM();
        await model.embedQuery(text, options);
      }
      // a text that no question has is the index's own probe
      const vector = asked.get(text) ?? new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions));
      return { vectors: [vector], usage: noUsage, notes: [] };
    },
    infer: (on) => {
      inferring = on;
    },
    close: async () => {
      await model?.close();
    },
  };
}
