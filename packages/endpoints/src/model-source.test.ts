import { aCall } from "@clew/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { endpoint } from "./endpoint.js";
import type { EndpointModel } from "./endpoint-model.js";
import { modelSource } from "./model-source.js";
import { probe } from "./probe/probe.js";
import { type ModelServer, type TestModelServerOptions, testMind, testModelServer } from "./testing/index.js";

const open: ModelServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(
  options: TestModelServerOptions,
  model = "test-model",
): Promise<{ server: ModelServer; model: EndpointModel }> {
  const server = await testModelServer({ protocol: "vllm", ...options });
  open.push(server);
  return { server, model: endpoint({ kind: "vllm", model, baseURL: server.baseURL, maxRetries: 0, environment: {} }) };
}

describe("modelSource", () => {
  it("hands on the abilities that the probe found, once for all, and names what serves", async () => {
    const { server, model } = await serve(
      { adapters: ["writer-lora"], answer: testMind({ tools: "refused", jsonSchema: "kept" }) },
      "writer-lora",
    );
    const source = modelSource(model);
    const served = await Promise.all([source(aCall()), source(aCall()), source(aCall())]);
    const asked = server.asked.length;
    expect(served[0]).toMatchObject({
      served: "vllm:writer-lora on test-model",
      capabilities: { tools: false, jsonSchema: true, contextTokens: 8192 },
      notes: [],
    });
    await source(aCall());
    expect(server.asked.length).toBe(asked);
    expect(asked).toBeLessThanOrEqual(12);
    const answer = await served[0]!.model.invoke("?");
    expect(answer.response_metadata.served).toEqual({
      kind: "vllm",
      model: "writer-lora",
      told: true,
      adapterOf: "test-model",
      fingerprint: "fp_test",
    });
  });

  it("speaks to a model that only completes texts as it has to, and to one that minds being asked for usage", async () => {
    const completing = await serve({ answer: testMind({ chat: "refused" }) });
    const served = await modelSource(completing.model)(aCall());
    expect((served.model as EndpointModel).endpoint.api).toBe("completions");
    expect((await served.model.invoke("?")).text).toContain("labyrinth");
    const shy = await serve({ answer: testMind({ streamUsage: "refused" }) });
    const { model } = await modelSource(shy.model)(aCall());
    const texts: string[] = [];
    for await (const chunk of await model.stream("?")) texts.push(chunk.text);
    expect(texts.join("")).toContain("labyrinth");
  });

  it("takes a report in place of a probe, or none at all", async () => {
    const { server, model } = await serve({ answer: testMind({ tools: "kept" }) });
    const report = JSON.parse(JSON.stringify(await probe(model)));
    const before = server.asked.length;
    expect((await modelSource(model, { probe: report })(aCall())).capabilities).toMatchObject({ tools: true });
    expect((await modelSource(model, { probe: false })(aCall())).served).toBe("vllm:test-model");
    expect(server.asked.length).toBe(before);
  });

  it("leaves a note where the probe fails, tries again, and rejects where the key is refused", async () => {
    let isBroken = true;
    const mind = testMind({ tools: "kept" });
    const { model } = await serve({
      answer: (call) => (isBroken ? { refused: 503, message: "loading" } : mind(call)),
    });
    const source = modelSource(model);
    const first = await source(aCall());
    expect(first.notes).toMatchObject([{ code: "x-probe-failed" }]);
    expect(first.capabilities).toEqual({});
    isBroken = false;
    expect(await source(aCall())).toMatchObject({ capabilities: { tools: true }, notes: [] });
    const locked = await serve({ answer: () => ({ refused: 401, message: "no" }) });
    await expect(modelSource(locked.model)(aCall())).rejects.toMatchObject({ code: "service-refused" });
  });

  it("goes on for the others when one leaves, and stops when all have left", async () => {
    const { server, model } = await serve({ answer: testMind({ tools: "kept" }) });
    const source = modelSource(model);
    const go = server.hold();
    const gone = new Error("the caller has gone");
    const leaving = new AbortController();
    const left = source(aCall({ signal: leaving.signal }));
    const stayed = source(aCall());
    while (server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    leaving.abort(gone);
    await expect(left).rejects.toBe(gone);
    go();
    expect((await stayed).capabilities).toMatchObject({ tools: true });

    const other = await serve({ answer: testMind() });
    other.server.hold();
    const alone = new AbortController();
    const probing = modelSource(other.model)(aCall({ signal: alone.signal }));
    while (other.server.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    alone.abort(gone);
    await expect(probing).rejects.toBe(gone);
    while (other.server.open > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  });
});
