import type { EmbedderFingerprint } from "@clew/core";

/** What a family of embedders expects of its callers: get one of these wrong and vectors look fine but rank badly. */
export interface EmbedderFamily {
  readonly pooling: Exclude<EmbedderFingerprint["pooling"], "model">;
  /** Put before a query. */
  readonly queryPrefix: string;
  /** Put before a document. */
  readonly documentPrefix: string;
  /** Tokens after which a text is cut, special tokens included. */
  readonly maxTokens: number;
  /** BCP 47 tags that it was made for; absent: many languages. */
  readonly languages?: readonly string[] | undefined;
}

const english = ["en"] as const;
const passageQuery = "Represent this sentence for searching relevant passages: ";

const plain = { queryPrefix: "", documentPrefix: "" } as const;

/**
 * First match wins. A pattern sees the name after the owner, in lower case, since the same weights are published by
 * several owners (`BAAI/bge-small-en-v1.5`, `Xenova/bge-small-en-v1.5`). Values are what the makers ask for; the options of
 * `localEmbedder` override each of them.
 */
const families: readonly (readonly [pattern: RegExp, family: EmbedderFamily])[] = [
  [/^all-minilm-l6-v2$/, { ...plain, pooling: "mean", maxTokens: 256, languages: english }],
  [/^all-minilm-l12-v2$/, { ...plain, pooling: "mean", maxTokens: 128, languages: english }],
  [/^all-mpnet-base-v2$/, { ...plain, pooling: "mean", maxTokens: 384, languages: english }],
  [/^multi-qa-(minilm-l6-cos|mpnet-base-cos)-v1$/, { ...plain, pooling: "mean", maxTokens: 512, languages: english }],
  [/^paraphrase-multilingual-(minilm-l12|mpnet-base)-v2$/, { ...plain, pooling: "mean", maxTokens: 128 }],
  [
    /^bge-(small|base|large)-en-v1\.5$/,
    { pooling: "cls", queryPrefix: passageQuery, documentPrefix: "", maxTokens: 512, languages: english },
  ],
  [
    /^bge-(small|base|large)-zh-v1\.5$/,
    {
      pooling: "cls",
      queryPrefix: "为这个句子生成表示以用于检索相关文章：",
      documentPrefix: "",
      maxTokens: 512,
      languages: ["zh"],
    },
  ],
  [/^bge-m3$/, { ...plain, pooling: "cls", maxTokens: 8192 }],
  [
    /^multilingual-e5-large-instruct$/,
    {
      pooling: "mean",
      queryPrefix: "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
      documentPrefix: "",
      maxTokens: 512,
    },
  ],
  [
    /^multilingual-e5-(small|base|large)$/,
    { pooling: "mean", queryPrefix: "query: ", documentPrefix: "passage: ", maxTokens: 512 },
  ],
  [
    /^e5-(small|base|large)(-v2)?$/,
    { pooling: "mean", queryPrefix: "query: ", documentPrefix: "passage: ", maxTokens: 512, languages: english },
  ],
  [/^gte-(small|base|large)$/, { ...plain, pooling: "mean", maxTokens: 512, languages: english }],
  [/^gte-(base|large)-en-v1\.5$/, { ...plain, pooling: "cls", maxTokens: 8192, languages: english }],
  [/^gte-modernbert-base$/, { ...plain, pooling: "cls", maxTokens: 8192, languages: english }],
  [/^gte-multilingual-base$/, { ...plain, pooling: "cls", maxTokens: 8192 }],
  [
    /^nomic-embed-text-v1(\.5)?$/,
    {
      pooling: "mean",
      queryPrefix: "search_query: ",
      documentPrefix: "search_document: ",
      maxTokens: 8192,
      languages: english,
    },
  ],
  [
    /^snowflake-arctic-embed-(xs|s|m|l|m-v1\.5)$/,
    { pooling: "cls", queryPrefix: passageQuery, documentPrefix: "", maxTokens: 512, languages: english },
  ],
  [
    /^snowflake-arctic-embed-m-long$/,
    { pooling: "cls", queryPrefix: passageQuery, documentPrefix: "", maxTokens: 2048, languages: english },
  ],
  [
    /^snowflake-arctic-embed-(m|l)-v2\.0$/,
    { pooling: "cls", queryPrefix: "query: ", documentPrefix: "", maxTokens: 8192 },
  ],
  [
    /^mxbai-embed-large-v1$/,
    { pooling: "cls", queryPrefix: passageQuery, documentPrefix: "", maxTokens: 512, languages: english },
  ],
];

/**
 * Looks up what an embedder expects, by its id (`owner/name`) or the name of its folder.
 *
 * @returns undefined for a model that is not in the table: its card has to be read
 */
export function knownEmbedder(id: string): EmbedderFamily | undefined {
  const name = id.slice(id.lastIndexOf("/") + 1).toLowerCase();
  return families.find(([pattern]) => pattern.test(name))?.[1];
}
