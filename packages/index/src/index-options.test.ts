import { scope } from "@clew/core";
import { sourceInput } from "@clew/core/testing";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { memoryIndex } from "./memory-index.js";

const acme = scope("acme");

describe("index options", () => {
  it.each([
    [{ k1: -1 }, "k1"],
    [{ k1: Number.NaN }, "k1"],
    [{ b: 1.5 }, "b"],
    [{ fields: { text: -1 } }, "fields.text"],
    [{ fields: { body: 1 } as never }, "fields"],
    [{ queryTerms: "some" as never }, "queryTerms"],
    [{ accessLists: "no" as never }, "accessLists"],
    [{ threads: 0 }, "threads"],
    [{ tokens: 100 } as never, "tokens"],
  ])("refuses %j", (options, name) => {
    expect(() => memoryIndex(options)).toThrow(`Option "${name}"`);
  });

  it("a sync refuses an option that it does not have", async () => {
    const index = memoryIndex();
    const misspelt: object = { removeMising: true };
    await expect(index.sync(acme, [], misspelt)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("removeMissing"),
    });
  });

  it("a schema types metadata and refuses what does not fit, source by source", async () => {
    const metadata = z.object({ year: z.number().int(), kind: z.string().default("memo") });
    const index = memoryIndex({ metadata });
    const report = await index.sync(acme, [
      sourceInput({ id: "good", text: "red fox", metadata: { year: 2023 } }),
      sourceInput({ id: "bad", text: "red hen", metadata: { year: "late" } }),
    ]);
    expect(report.added).toEqual(["good"]);
    expect(report.failed).toMatchObject([{ source: "bad", note: { message: expect.stringContaining("schema") } }]);
    const [record] = await index.sources(acme);
    expect(record!.metadata).toEqual({ year: 2023, kind: "memo" });
    expectTypeOf(record!.metadata.year).toEqualTypeOf<number>();
    const wrong = { year: 1.5, kind: "memo" };
    await expect(index.setMetadata(acme, "good", { metadata: wrong })).rejects.toMatchObject({
      code: "invalid-option",
    });
    await index.setMetadata(acme, "good", { metadata: { year: 2024, kind: "10-K" } });
    expect((await index.sources(acme, { kind: "10-K" })).map(({ id }) => id)).toEqual(["good"]);
  });
});
