import { type IndexView, type Retriever, scope } from "@clew/core";
import { openIndex } from "@clew/index";
import { hybrid, lexical, linked, naive } from "@clew/retrievers";
import { beirSources } from "../../beir-sources.js";
import { wholeTextSplitter } from "../../whole-text-splitter.js";
import type { SearchLeg, System } from "./system.js";
import { type VectorEmbedder, vectorEmbedder } from "./vector-embedder.js";

/** The retrievers measured over an index with vectors; one more line is one more leg. */
const retrievers: Readonly<Record<string, (view: IndexView) => Retriever>> = { dense: naive, hybrid, linked };

/** Those measured once more with the query embedded by the real MiniLM. */
const withInference = ["hybrid", "linked"];

const tenant = scope("benchmark");
const splitter = wholeTextSplitter;
const analyzer = "clew's English: words folded and stemmed (Porter2), 33 stop words; title and text as fields";

/** The lexical leg of an index without vectors. */
export const clewLexical: System = {
  name: "clew-lexical",
  packages: [],
  legs: ["lexical"],
  analyzer,
  work: "BM25 1.2 / .75, exact",
  load: async () => ({
    keeps: "disk",
    build: async ({ passages }, folder) => {
      const index = await openIndex(folder, { splitter, links: false });
      await syncAll(index, passages);
      await index.close();
    },
    open: async (folder) => {
      const index = await openIndex(folder, { splitter, links: false, readOnly: true });
      return { legs: { lexical: legOf(lexical(index.in(tenant))) }, close: () => index.close() };
    },
  }),
};

/** The other retrievers, over an index with vectors. */
export const clew: System = {
  name: "clew",
  packages: [],
  legs: [...Object.keys(retrievers), ...withInference.map(withEmbedding)],
  analyzer,
  work: "dense: exact cosines; hybrid: convex fusion of both legs, 100 deep; linked: that and the link graph; + embedding: with MiniLM (int8) run on the question",
  load: async () => ({
    keeps: "disk",
    build: async (corpus, folder) => {
      const index = await openIndex(folder, { splitter, embedder: vectorEmbedder(corpus.dimensions, { corpus }) });
      await syncAll(index, corpus.passages);
      await index.close();
    },
    open: async (folder, queries) => {
      const embedder = vectorEmbedder(queries[0]!.vector.length, { queries });
      const index = await openIndex(folder, { splitter, embedder, readOnly: true });
      const view = index.in(tenant);
      const legs: Record<string, SearchLeg> = {};
      for (const [name, make] of Object.entries(retrievers)) {
        const search = legOf(make(view));
        legs[name] = inferring(embedder, false, search);
        if (withInference.includes(name)) legs[withEmbedding(name)] = inferring(embedder, true, search);
      }
      return {
        legs,
        close: async () => {
          await index.close();
          await embedder.close();
        },
      };
    },
  }),
};

function withEmbedding(name: string): string {
  return `${name} + embedding`;
}

async function syncAll(
  index: Awaited<ReturnType<typeof openIndex>>,
  passages: Parameters<typeof beirSources>[0],
): Promise<void> {
  const { failed } = await index.sync(tenant, beirSources(passages));
  if (failed.length > 0) throw new Error(JSON.stringify(failed[0]));
}

const legOf =
  (retriever: Retriever): SearchLeg =>
  async ({ text }, k) =>
    (await retriever.search(text, { k })).hits.map(({ passage }) => passage.source);

const inferring =
  (embedder: VectorEmbedder, on: boolean, search: SearchLeg): SearchLeg =>
  (query, k) => {
    embedder.infer(on);
    return search(query, k);
  };
