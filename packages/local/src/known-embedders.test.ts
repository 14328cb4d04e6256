import { describe, expect, it } from "vitest";
import { knownEmbedder } from "./known-embedders.js";

const passageQuery = "Represent this sentence for searching relevant passages: ";

describe("knownEmbedder", () => {
  it.each([
    ["sentence-transformers/all-MiniLM-L6-v2", "mean", "", "", 256],
    ["Xenova/all-MiniLM-L12-v2", "mean", "", "", 128],
    ["sentence-transformers/all-mpnet-base-v2", "mean", "", "", 384],
    ["BAAI/bge-small-en-v1.5", "cls", passageQuery, "", 512],
    ["Xenova/bge-large-en-v1.5", "cls", passageQuery, "", 512],
    ["BAAI/bge-base-zh-v1.5", "cls", "为这个句子生成表示以用于检索相关文章：", "", 512],
    ["BAAI/bge-m3", "cls", "", "", 8192],
    ["intfloat/e5-base-v2", "mean", "query: ", "passage: ", 512],
    ["intfloat/multilingual-e5-small", "mean", "query: ", "passage: ", 512],
    [
      "intfloat/multilingual-e5-large-instruct",
      "mean",
      "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
      "",
      512,
    ],
    ["thenlper/gte-small", "mean", "", "", 512],
    ["Alibaba-NLP/gte-base-en-v1.5", "cls", "", "", 8192],
    ["Alibaba-NLP/gte-multilingual-base", "cls", "", "", 8192],
    ["nomic-ai/nomic-embed-text-v1.5", "mean", "search_query: ", "search_document: ", 8192],
    ["Snowflake/snowflake-arctic-embed-m", "cls", passageQuery, "", 512],
    ["Snowflake/snowflake-arctic-embed-l-v2.0", "cls", "query: ", "", 8192],
    ["mixedbread-ai/mxbai-embed-large-v1", "cls", passageQuery, "", 512],
  ])("knows %s", (id, pooling, queryPrefix, documentPrefix, maxTokens) => {
    expect(knownEmbedder(id)).toMatchObject({ pooling, queryPrefix, documentPrefix, maxTokens });
  });

  it("tells English models from multilingual ones", () => {
    expect(knownEmbedder("BAAI/bge-small-en-v1.5")?.languages).toEqual(["en"]);
    expect(knownEmbedder("intfloat/multilingual-e5-base")?.languages).toBeUndefined();
  });

  it.each(["BAAI/bge-small-en", "acme/not-all-MiniLM-L6-v2", "intfloat/e5-mistral-7b-instruct", "nomic", ""])(
    "guesses nothing about %j",
    (id) => expect(knownEmbedder(id)).toBeUndefined(),
  );
});
