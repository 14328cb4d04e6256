import { describe, expect, it } from "vitest";
import { WorkerFailure, workerCall } from "./worker-call.js";

const call = (bytes: Uint8Array, signal?: AbortSignal) =>
  workerCall<object, object>({ script: "pdf.js", request: { bytes }, neededBy: "the test", signal });
const noPdf = new TextEncoder().encode("%PDF-1.4 and nothing else");

describe("workerCall", () => {
  it("hands on what went wrong in the thread, and goes on with the next request", async () => {
    for (let n = 0; n < 3; n++) {
      const failure = await call(noPdf).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WorkerFailure);
      expect(failure).toMatchObject({ kind: "InvalidPDFException", message: expect.stringMatching(/./) });
    }
  });

  it("an abort ends the work and those who wait for it alone; a waiting request can leave before its turn", async () => {
    const first = new AbortController();
    const third = new AbortController();
    const calls = [call(noPdf, first.signal), call(noPdf), call(noPdf, third.signal), call(noPdf)];
    third.abort(new Error("third left"));
    await expect(calls[2]).rejects.toThrow("third left");
    first.abort(new Error("first left"));
    await expect(calls[0]).rejects.toThrow("first left");
    await expect(calls[1]).rejects.toBeInstanceOf(WorkerFailure);
    await expect(calls[3]).rejects.toBeInstanceOf(WorkerFailure);
  });
});
