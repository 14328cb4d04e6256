import { scope } from "@clew/core";
import { hashEmbedder, sourceInput } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";

const acme = scope("acme");
const gone = new Error("the caller has gone");

describe("a list of sources", () => {
  it("that does not answer is left when the signal says so", async () => {
    const index = memoryIndex({ embedder: hashEmbedder() });
    const controller = new AbortController();
    const items = (async function* () {
      yield sourceInput("red fox");
      await new Promise(() => setTimeout(() => controller.abort(gone), 5));
    })();
    await expect(index.sync(acme, items, { signal: controller.signal })).rejects.toBe(gone);
    expect((await index.sources(acme)).map(({ id }) => id)).toEqual(["s1"]);
  });

  it("is closed when the sync fails, and when it is aborted between items", async () => {
    const embedder = hashEmbedder();
    const index = memoryIndex({ embedder });
    const controller = new AbortController();
    let closed = 0;
    const items = async function* () {
      try {
        for (let at = 0; ; at++) {
          if (at === 3) controller.abort(gone);
          yield sourceInput({ id: `s${at}`, text: `red ${at}` });
        }
      } finally {
        closed++;
      }
    };
    embedder.breakWith({ kind: "nan" });
    await expect(index.sync(acme, items())).rejects.toMatchObject({ code: "embedder-failed" });
    expect(closed).toBe(1);
    embedder.breakWith(undefined);
    await expect(index.sync(acme, items(), { signal: controller.signal })).rejects.toBe(gone);
    await new Promise(setImmediate);
    expect(closed).toBe(2);
    expect(await index.sources(acme)).toHaveLength(3);
  });
});
