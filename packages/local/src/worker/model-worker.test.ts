import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { type ModelWorker, modelWorker } from "./model-worker.js";

const open: ModelWorker[] = [];
const scripted = (): ModelWorker => {
  const worker = modelWorker({
    spec: {
      folder: "/models/none",
      dtype: "q8",
      task: "embed",
      pooling: "mean",
      dimensions: 1,
      maxTokens: 8,
      threads: 2,
    },
    name: "scripted",
    code: "embedder-failed",
    entry: new URL("../../fixtures/scripted-worker.mjs", import.meta.url),
  });
  open.push(worker);
  return worker;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((worker) => worker.close()));
});

const say = async (worker: ModelWorker, text: string, options: { urgent?: boolean; signal?: AbortSignal } = {}) => [
  ...(await worker.run({ texts: [text] }, { urgent: options.urgent ?? false, signal: options.signal })).values,
];

describe("modelWorker", () => {
  it("works in another thread, and in the same one from call to call", async () => {
    const worker = scripted();
    const [first] = await say(worker, "hello");
    expect(first).toBeGreaterThan(0); // the main thread is 0
    expect((await say(worker, "hello"))[0]).toBe(first);
  });

  it("lets what is urgent go before what waits", async () => {
    const worker = scripted();
    const all = [say(worker, "slow"), say(worker, "b"), say(worker, "c"), say(worker, "q", { urgent: true })];
    await Promise.all(all);
    expect(String.fromCharCode(...(await say(worker, "log")))).toBe("sqbcl");
  });

  it("drops an aborted request that waits, and frees the caller of one that runs", async () => {
    const worker = scripted();
    const controller = new AbortController();
    const running = say(worker, "slow", { signal: controller.signal });
    const waiting = say(worker, "w", { signal: controller.signal });
    const other = say(worker, "o");
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrowError("enough");
    await expect(waiting).rejects.toThrowError("enough");
    await other;
    expect(String.fromCharCode(...(await say(worker, "log")))).toBe("sol");
  });

  it("tells the thread that the caller of what runs has left, and forgets it with the next request", async () => {
    const worker = scripted();
    for (const round of [1, 2]) {
      const controller = new AbortController();
      const running = say(worker, "busy", { signal: controller.signal });
      const behind = say(worker, "hello");
      controller.abort(new Error(`left ${round}`));
      await expect(running).rejects.toThrowError(`left ${round}`);
      await behind; // would wait for ever if the thread had not heard
    }
  });

  it("does nothing for a signal that was aborted before", async () => {
    const worker = scripted();
    await expect(say(worker, "a", { signal: AbortSignal.abort(new Error("early")) })).rejects.toThrowError("early");
    expect(String.fromCharCode(...(await say(worker, "log")))).toBe("l");
  });

  it("tells what failed and goes on in the same thread", async () => {
    const worker = scripted();
    const [thread] = await say(worker, "hello");
    await expect(say(worker, "fail")).rejects.toMatchObject({
      code: "embedder-failed",
      message: "scripted: inference failed: bad input",
    });
    expect((await say(worker, "hello"))[0]).toBe(thread);
  });

  it.each(["exit", "throw"])("is started anew after its thread died by %s", async (death) => {
    const worker = scripted();
    const [thread] = await say(worker, "hello");
    const dying = say(worker, death);
    const behind = say(worker, "hello");
    await expect(dying).rejects.toMatchObject({ code: "embedder-failed", message: expect.stringContaining("restart") });
    await expect(behind).rejects.toMatchObject({ code: "embedder-failed" });
    expect((await say(worker, "hello"))[0]).not.toBe(thread);
  });

  it("names the folder of a model that does not load, and tries again at the next call", async () => {
    const worker = scripted();
    await expect(say(worker, "unloadable")).rejects.toMatchObject({
      code: "embedder-failed",
      message: expect.stringMatching(
        /could not be loaded\. Check or replace the files in \/models\/none\. \(bad weights\)/,
      ),
    });
    await say(worker, "hello");
  });

  it("fails what waits and what comes later when it is closed, once or twice", async () => {
    const worker = scripted();
    await say(worker, "hello");
    const running = say(worker, "slow");
    const waiting = say(worker, "hello");
    const outcomes = Promise.allSettled([running, waiting]);
    await nextTurn();
    await Promise.all([worker.close(), worker.close()]);
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "closed" } });
    }
    await expect(say(worker, "hello")).rejects.toMatchObject({ code: "closed" });
  });

  it("can be closed before it was used", () => scripted().close());
});
