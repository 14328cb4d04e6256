import {
  type Embedder,
  embedderFrom,
  type OpenSpan,
  type Outbound,
  type Reranker,
  type Spans,
  scope,
} from "@clew/core";
import { aCall, referenceIndex, sourceInputs } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { hybrid } from "./hybrid.js";
import { live } from "./live/live.js";
import { reranked } from "./reranked.js";

const me = scope("acme");

/** What a span was called, and what lies in it. */
interface Seen {
  readonly name: string;
  readonly children: Seen[];
  error?: unknown;
}

/** Spans that are remembered: parents are those that are handed on. */
function recording(): { readonly spans: Spans; readonly seen: Seen[] } {
  const under = (siblings: Seen[]): Spans => ({
    within: async ({ name }, work) => {
      const one: Seen = { name, children: [] };
      siblings.push(one);
      const span: OpenSpan = {
        spans: under(one.children),
        set: () => undefined,
        texts: () => undefined,
        failed: (error) => {
          one.error = error;
        },
      };
      return work(span);
    },
  });
  const seen: Seen[] = [];
  return { spans: under(seen), seen };
}

const namesOf = ({ name, children }: Seen): unknown => (children.length === 0 ? name : [name, children.map(namesOf)]);

const embedder = (): Promise<Embedder> =>
  embedderFrom(
    { embedDocuments: async (texts) => texts.map(() => [1, 1]), embedQuery: async () => [1, 0] },
    { id: "e5", dimensions: 2, remote: true },
  );
const reranker: Reranker = {
  id: "cross",
  rerank: async (_, hits) => ({
    scores: hits.map(() => 1),
    notes: [],
    usage: { inputTokens: 0, outputTokens: 0, calls: 0, usd: 0 },
  }),
};

describe("what a retriever does inside a run", () => {
  it("shows as spans: stages by kind, legs, embedding and reranking in these", async () => {
    const index = referenceIndex({ embedder: await embedder() });
    await index.sync(me, sourceInputs(["Ariadne gave Theseus a ball of thread.", "Icarus fell into the sea."]));
    const { spans, seen } = recording();
    await reranked(hybrid(index.in(me)), { reranker }).search("thread", { call: aCall({ spans }) });
    expect(seen.map(namesOf)).toEqual([
      ["reranked", [["hybrid", ["embeddings e5", "lexical", "dense"]], "rerank cross"]],
    ]);
  });

  it("is refused, and nothing sent, where its role may not send texts away; else it is recorded", async () => {
    const index = referenceIndex({ embedder: await embedder() });
    await index.sync(me, sourceInputs(["Ariadne gave Theseus a ball of thread."]));
    const asked: string[] = [];
    const web = live((query) => ({ text: `page ${asked.push(query)}` }), { name: "web", remote: true });
    const allowing = (...roles: string[]): Outbound => ({ allows: (role) => roles.includes(role), localHosts: [] });
    for (const retriever of [web, hybrid(index.in(me))]) {
      const searched = retriever.search("thread", { call: aCall({ outbound: allowing("writer") }) });
      await expect(searched).rejects.toMatchObject({ code: "outbound-refused" });
    }
    expect(asked).toEqual([]);
    const call = aCall({ outbound: allowing("search", "embedder") });
    await web.search("thread", { call });
    await hybrid(index.in(me)).search("thread", { call });
    const sent = call.journal.entries().flatMap(({ kind, data }) => (kind === "outbound" ? [data] : []));
    const texts = { requests: 1, characters: 6, passages: [], sources: [] };
    expect(sent).toEqual([
      [{ role: "search", served: "live:web", ...texts }],
      [{ role: "embedder", served: "e5", ...texts }],
    ]);
    expect(() => live(() => [], { name: "web", remote: "yes" as never })).toThrow(/remote/);
  });
});
