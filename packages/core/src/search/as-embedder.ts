import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { invalidOption } from "../errors/invalid-option.js";
import type { Embedder } from "./embedder.js";
import { embedderFrom } from "./embedder-from.js";

/** An embedder, or any LangChain `Embeddings`: what is accepted wherever an embedder is and one may wait for it. */
export type AnyEmbedder = Embedder | EmbeddingsInterface;

/** True for an {@link Embedder}, across duplicate copies of the package. */
export const isEmbedder = (value: unknown): value is Embedder =>
  isEmbeddings(value) && "fingerprint" in value && "tokenCounter" in value;

/**
 * The embedder itself, or one made of LangChain embeddings with the defaults of {@link embedderFrom}, which embeds one text
 * to learn the dimensions.
 *
 * @throws ClewError `invalid-option` for anything else, or embeddings that name no model; `embedder-failed`
 */
export async function asEmbedder(value: AnyEmbedder): Promise<Embedder> {
  if (isEmbedder(value)) return value;
  if (isEmbeddings(value)) return embedderFrom(value);
  throw invalidOption("embedder", "an embedder, or LangChain embeddings");
}

const isEmbeddings = (value: unknown): value is EmbeddingsInterface =>
  typeof value === "object" &&
  value !== null &&
  "embedDocuments" in value &&
  typeof value.embedDocuments === "function" &&
  "embedQuery" in value &&
  typeof value.embedQuery === "function";
