import { describe, expect, it } from "vitest";
import { ClewError } from "../../errors/clew-error.js";
import { note } from "../../run/note.js";
import { scope } from "../../scope/scope.js";
import type { SourceInput } from "../../source/source-input.js";
import { sourceInput, sourceInputs } from "../source-input.js";
import { acme, type IndexBench, look, searchLeg, sourcesOf } from "./index-bench.js";

const three = ["red fox", "red dog", "red hen"];

/** What removes sources, and what must not; changes of metadata and access. */
export function removalSuite({ holding, fresh }: IndexBench): void {
  const namesIn = async (index: Awaited<ReturnType<typeof fresh>>["index"]): Promise<string[]> =>
    (await index.sources(acme)).map(({ id }) => id);

  describe("removal", () => {
    it("removes by id, and leaves unknown ids out of the list", async () => {
      const { index } = await holding(three);
      expect(await index.remove(acme, ["s2", "nowhere"])).toEqual(["s2"]);
      expect(sourcesOf(await searchLeg(index, "lexical", "red")).sort()).toEqual(["s1", "s3"]);
      expect(sourcesOf(await searchLeg(index, "dense", "dog")).sort()).toEqual(["s1", "s3"]);
      expect(await look(index, (snapshot) => snapshot.sourceText("s2"))).toBeUndefined();
      expect(await index.remove(acme, ["s2"])).toEqual([]);
      expect(await index.sync(acme, sourceInputs(three))).toMatchObject({ added: ["s2"], unchanged: 2 });
    });

    it("removes what is missing only when told to", async () => {
      const { index } = await holding(three);
      expect(await index.sync(acme, [])).toMatchObject({ removed: [] });
      const report = await index.sync(acme, sourceInputs(["red fox"]), { removeMissing: true });
      expect(report).toMatchObject({ removed: ["s2", "s3"], unchanged: 1, passages: { added: 0, removed: 2 } });
      expect(await namesIn(index)).toEqual(["s1"]);
    });

    it("removes what is missing where the predicate says so", async () => {
      const { index } = await holding([
        { text: "red fox", metadata: { folder: "a" } },
        { text: "red dog", metadata: { folder: "b" } },
      ]);
      const removeMissing = ({ metadata }: { metadata: { folder?: unknown } }): boolean => metadata.folder === "b";
      expect(await index.sync(acme, [], { removeMissing })).toMatchObject({ removed: ["s2"] });
      expect(await namesIn(index)).toEqual(["s1"]);
    });

    it("a source that failed removes nothing, and what was stored of it stays", async () => {
      const { index } = await holding(three);
      const broken = async (): Promise<never> => {
        throw new ClewError("unreadable-source", "The file is encrypted.");
      };
      const items: SourceInput[] = [
        { id: "s1", failed: note("source-failed", "No permission.") },
        { id: "s2", version: "new", read: broken },
        sourceInput({ id: "s4", text: "red cat" }),
      ];
      const report = await index.sync(acme, items, { removeMissing: true });
      expect(report.failed).toMatchObject([
        { source: "s1", note: { code: "source-failed", message: "No permission." } },
        { source: "s2", note: { code: "source-failed", message: expect.stringContaining("encrypted") } },
      ]);
      expect(report).toMatchObject({ added: ["s4"], removed: ["s3"] });
      expect(await namesIn(index)).toEqual(["s1", "s2", "s4"]);
      expect(sourcesOf(await searchLeg(index, "lexical", "fox dog")).sort()).toEqual(["s1", "s2"]);
      expect(await index.sync(acme, sourceInputs(three))).toMatchObject({ unchanged: 2 });
    });

    it("a list that breaks off removes nothing, keeps what came, and says so", async () => {
      const { index } = await holding(three);
      const items = (async function* () {
        yield sourceInput({ id: "s4", text: "red cat" });
        throw new Error("the connection was lost");
      })();
      const report = await index.sync(acme, items, { removeMissing: true });
      expect(report).toMatchObject({ added: ["s4"], removed: [] });
      expect(report.notes.map(({ code }) => code)).toEqual(["listing-broke-off"]);
      expect(report.notes[0]!.message).toContain("the connection was lost");
      expect(await namesIn(index)).toEqual(["s1", "s2", "s3", "s4"]);
    });
  });

  describe("a list that names nothing", () => {
    it("fails with its own error, and removes nothing", async () => {
      const { index } = await holding(three);
      const gone = new Error("no such folder");
      const items: AsyncIterable<never> = {
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(gone) }),
      };
      await expect(index.sync(acme, items, { removeMissing: true })).rejects.toBe(gone);
      expect(await namesIn(index)).toEqual(["s1", "s2", "s3"]);
    });
  });

  describe("setMetadata", () => {
    it("changes metadata everywhere, and embeds nothing", async () => {
      const { index, embedder } = await holding([
        { text: "red fox\n\nred hen", metadata: { year: 2022, kind: "memo" } },
      ]);
      embedder.reset();
      await index.setMetadata(acme, "s1", { metadata: { year: 2023 } });
      expect([embedder.texts, embedder.queries]).toEqual([[], []]);
      const hits = await searchLeg(index, "lexical", "red", { filter: { year: 2023 } });
      expect(hits.map(({ passage }) => passage.metadata)).toEqual([{ year: 2023 }, { year: 2023 }]);
      expect(await searchLeg(index, "dense", "red", { filter: { year: 2022 } })).toEqual([]);
      expect(await index.sources(acme, { year: 2023 })).toMatchObject([{ id: "s1", metadata: { year: 2023 } }]);
      await look(index, async (snapshot) => {
        expect((await snapshot.metadata()).map(({ name }) => name)).toEqual(["year"]);
        expect((await snapshot.sourceText("s1"))?.source.metadata).toEqual({ year: 2023 });
      });
      const same = sourceInput({ text: "red fox\n\nred hen", metadata: { year: 2022, kind: "memo" } });
      expect(await index.sync(acme, [same])).toMatchObject({ unchanged: 1 });
    });

    it("changes who may see, and leaves the metadata alone", async () => {
      const { index } = await holding([{ text: "red fox", metadata: { year: 2022 } }]);
      const amy = scope("acme", { principals: ["amy"] });
      await index.setMetadata(acme, "s1", { access: ["amy"] });
      expect(await searchLeg(index, "lexical", "fox")).toEqual([]);
      expect(await searchLeg(index, "lexical", "fox", { as: amy })).toMatchObject([{ passage: { access: ["amy"] } }]);
      await index.setMetadata(acme, "s1", { access: null });
      expect(await searchLeg(index, "lexical", "fox")).toMatchObject([{ passage: { metadata: { year: 2022 } } }]);
      expect((await index.sources(acme))[0]!.access).toBeUndefined();
    });

    it("refuses a source that is not there", async () => {
      const { index } = await fresh();
      await expect(index.setMetadata(acme, "nowhere", { metadata: {} })).rejects.toMatchObject({ code: "not-found" });
    });
  });
}
