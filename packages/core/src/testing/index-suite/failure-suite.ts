import { describe, expect, it } from "vitest";
import type { EmbedderFault } from "../hash-embedder.js";
import { sourceInput, sourceInputs } from "../source-input.js";
import { acme, everyPassage, type IndexBench, look, searchLeg, sourcesOf } from "./index-bench.js";

const gone = new Error("the caller has gone");

/** Failures and aborts: nothing half done, nothing lost. */
export function failureSuite({ fresh, holding }: IndexBench): void {
  describe("failure", () => {
    it.each<EmbedderFault>([
      { kind: "fails", afterTexts: 0 },
      { kind: "dimensions" },
      { kind: "nan" },
      { kind: "missing" },
    ])("an embedder that goes wrong is a typed error, and all is as before ($kind)", async (fault) => {
      const { index, embedder } = await holding(["red fox", "blue dog"]);
      const before = await look(index, async ({ generation }) => generation);
      const ids = await everyPassage(index);
      embedder.breakWith(fault);
      const changed = sourceInputs(["red fox\n\ngreen hen", "blue dog"]);
      await expect(index.sync(acme, changed, { removeMissing: true })).rejects.toMatchObject({
        code: "embedder-failed",
      });
      embedder.breakWith(undefined);
      expect(await look(index, async ({ generation }) => generation)).toBe(before);
      expect(await everyPassage(index)).toEqual(ids);
      expect(await searchLeg(index, "lexical", "hen")).toEqual([]);
      expect(await index.sync(acme, changed)).toMatchObject({ updated: ["s1"], unchanged: 1, embedded: 1 });
      expect(sourcesOf(await searchLeg(index, "lexical", "hen"))).toEqual(["s1"]);
    });

    it("an embedder that goes wrong on a query is a typed error", async () => {
      const { index, embedder } = await holding(["red fox"]);
      for (const kind of ["dimensions", "nan"] as const) {
        embedder.breakWith({ kind });
        await expect(searchLeg(index, "dense", "fox")).rejects.toMatchObject({ code: "embedder-failed" });
      }
    });

    it("a sync that is aborted leaves whole sources, and can be taken up again", async () => {
      const { index, embedder } = await fresh();
      const controller = new AbortController();
      const [first, second, third] = sourceInputs(["red fox\n\nred hen", "red dog\n\nred cow", "red cat"]);
      const abortsHere = {
        ...second!,
        read: async () => {
          controller.abort(gone);
          return second!.read({});
        },
      };
      await expect(
        index.sync(acme, [first!, abortsHere, third!], { signal: controller.signal, removeMissing: true }),
      ).rejects.toBe(gone);
      expect(sourcesOf(await searchLeg(index, "lexical", "red"))).toEqual(["s1", "s1"]);
      embedder.reset();
      expect(await index.sync(acme, [first!, second!, third!])).toMatchObject({ added: ["s2", "s3"], unchanged: 1 });
      expect(embedder.texts).not.toContain("red fox");
    });

    it("a sync that is aborted while it embeds writes nothing of that source", async () => {
      const { index, embedder } = await fresh();
      embedder.breakWith({ kind: "slow", ms: 60_000 });
      const controller = new AbortController();
      const onProgress = ({ phase }: { phase: string }): void => {
        if (phase === "embed") setTimeout(() => controller.abort(gone), 1);
      };
      const syncing = index.sync(acme, [sourceInput("red fox")], { signal: controller.signal, onProgress });
      await expect(syncing).rejects.toBe(gone);
      expect(await index.sources(acme)).toEqual([]);
    });

    it("calls with an aborted signal reject with its reason and do nothing", async () => {
      const { index } = await holding(["red fox"]);
      const signal = AbortSignal.abort(gone);
      await expect(index.sync(acme, sourceInputs(["a", "b"]), { signal })).rejects.toBe(gone);
      await expect(index.remove(acme, ["s1"], { signal })).rejects.toBe(gone);
      await expect(index.setMetadata(acme, "s1", { metadata: { a: 1 } }, { signal })).rejects.toBe(gone);
      await expect(index.in(acme).read(async () => 1, { signal })).rejects.toBe(gone);
      await expect(searchLeg(index, "lexical", "fox", { signal })).rejects.toBe(gone);
      await expect(searchLeg(index, "dense", "fox", { signal })).rejects.toBe(gone);
      expect(await index.sources(acme)).toMatchObject([{ id: "s1", metadata: {} }]);
    });

    it("a read that is aborted lets its caller go", async () => {
      const { index } = await holding(["red fox"]);
      const controller = new AbortController();
      const never = index.in(acme).read(() => new Promise<never>(() => {}), { signal: controller.signal });
      controller.abort(gone);
      await expect(never).rejects.toBe(gone);
    });

    it("what the work throws comes out of read as it is", async () => {
      const { index } = await holding(["red fox"]);
      await expect(index.in(acme).read(() => Promise.reject(gone))).rejects.toBe(gone);
    });

    it("a closed index says so", async () => {
      const { index } = await holding(["red fox"]);
      const view = index.in(acme);
      await index.close();
      const closed = { code: "closed" };
      await expect((async () => index.in(acme).read(async () => 1))()).rejects.toMatchObject(closed);
      await expect(view.read(async () => 1)).rejects.toMatchObject(closed);
      await expect(index.sync(acme, [])).rejects.toMatchObject(closed);
      await expect(index.sources(acme)).rejects.toMatchObject(closed);
      await expect(index.remove(acme, ["s1"])).rejects.toMatchObject(closed);
      await expect(index.setMetadata(acme, "s1", {})).rejects.toMatchObject(closed);
      await index.close();
    });

    it("a snapshot ends with its read", async () => {
      const { index } = await holding(["red fox"]);
      const kept = await index.in(acme).read(async (snapshot) => snapshot);
      await expect(kept.lexical({ text: "fox" }, { k: 1 })).rejects.toMatchObject({ code: "closed" });
    });
  });
}
