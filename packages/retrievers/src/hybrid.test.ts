import { ClewError, type IndexView, type Snapshot, scope } from "@clew/core";
import { hashEmbedder, referenceIndex, sourceInputs } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { convex } from "./fusion/convex.js";
import { rrf } from "./fusion/rrf.js";
import { hybrid } from "./hybrid.js";
import { lexical } from "./lexical.js";
import { naive } from "./naive.js";

const me = scope("acme");
const texts = [
  "Ariadne gave Theseus a ball of thread.",
  "The labyrinth was built by Daedalus.",
  "Daedalus made wings of wax and feathers.",
  "Theseus killed the Minotaur in the labyrinth.",
  "Icarus fell into the sea.",
];

async function aView(embedder = hashEmbedder()): Promise<IndexView> {
  const index = referenceIndex({ embedder });
  await index.sync(me, sourceInputs(texts));
  return index.in(me);
}

/** A view one of whose legs fails. */
const broken = (view: IndexView, leg: "lexical" | "dense"): IndexView => ({
  ...view,
  read: (work, options) =>
    view.read(
      (snapshot) =>
        work(
          new Proxy(snapshot, {
            get: (target, key) =>
              key === leg
                ? () => Promise.reject(new ClewError("embedder-failed", `no ${leg} today`))
                : Reflect.get(target, key),
          }) as Snapshot,
        ),
      options,
    ),
});

describe("hybrid", () => {
  it("scores every candidate on both legs, and says so", async () => {
    const { hits } = await hybrid(await aView(), { depth: 1 }).search("Daedalus labyrinth", { k: 5 });
    for (const { explain } of hits) {
      expect(explain.kind === "fused" && explain.parts.every(({ score }) => score !== undefined)).toBe(true);
    }
  });

  it("embeds the query once", async () => {
    const embedder = hashEmbedder();
    const view = await aView(embedder);
    const before = embedder.calls;
    await hybrid(view).search("Daedalus labyrinth");
    expect(embedder.calls).toEqual(before + 1);
  });

  it("D5: weights 1 and 0 rank exactly as the leg alone, and do not ask the other", async () => {
    const view = await aView();
    const alone = await lexical(view).search("Theseus labyrinth", { k: 5 });
    const fused = await hybrid(broken(view, "dense"), {
      fusion: convex({ weights: { lexical: 1, dense: 0 }, normalise: { lexical: "none" } }),
    }).search("Theseus labyrinth", { k: 5 });
    expect(fused.hits.map(({ passage, score }) => [passage.id, score])).toEqual(
      alone.hits.map(({ passage, score }) => [passage.id, score]),
    );
  });

  it("fails when a leg fails", async () => {
    const search = hybrid(broken(await aView(), "dense")).search("thread");
    await expect(search).rejects.toMatchObject({ code: "embedder-failed" });
  });

  it("goes on with one leg when asked to, and says which is missing", async () => {
    const { hits, notes } = await hybrid(broken(await aView(), "dense"), { degrade: true, fusion: rrf() }).search(
      "thread",
    );
    expect(hits[0]!.passage.text).toContain("thread");
    expect(notes).toMatchObject([{ code: "leg-failed", detail: { leg: "dense" } }]);
  });

  it("refuses an index without embedder at construction", async () => {
    const index = referenceIndex({});
    expect(() => hybrid(index.in(me))).toThrowError(expect.objectContaining({ code: "leg-missing" }));
    expect(() => naive(index.in(me))).toThrowError(expect.objectContaining({ code: "leg-missing" }));
    await index.sync(me, sourceInputs(texts));
    const { hits, notes } = await hybrid(index.in(me), { degrade: true }).search("thread");
    expect(hits).toHaveLength(1);
    expect(notes).toMatchObject([{ code: "leg-missing" }]);
  });

  it("stops when its signal is aborted", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(hybrid(await aView()).search("thread", { signal: controller.signal })).rejects.toBe(reason);
  });

  it("filters both legs", async () => {
    const { hits } = await hybrid(await aView()).search("labyrinth", { filter: { source: "s4" }, k: 5 });
    expect(hits.map(({ passage }) => passage.source)).toEqual(["s4"]);
  });
});
