import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { endpoint } from "./endpoint.js";
import { type ModelServer, type TestMindOptions, testMind, testModelServer } from "./testing/index.js";

const open: ModelServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const shape = z.object({ who: z.string(), born: z.number() });

async function modelOf(mind: TestMindOptions, capabilities: object) {
  const server = await testModelServer({ answer: testMind(mind) });
  open.push(server);
  return { server, model: endpoint({ kind: "openai-compatible", model: "m", baseURL: server.baseURL, capabilities }) };
}

describe("withStructuredOutput", () => {
  it.each([
    ["json_schema", { jsonSchema: "kept" }, { jsonSchema: true, tools: true }],
    ["tools", { tools: "kept" }, { jsonSchema: false, tools: true }],
    ["json_object", { jsonMode: "kept", object: () => ({ who: "red", born: 4 }) }, { jsonMode: true }],
    ["words", { text: () => 'Gladly:\n```json\n{"who":"red","born":4}\n```' }, {}],
  ] as const)("goes by what the model is known to do: %s", async (way, mind, capabilities) => {
    const { server, model } = await modelOf(mind, capabilities);
    expect(await model.withStructuredOutput(shape).invoke("Who?")).toEqual({ who: "red", born: 4 });
    const body = server.requests[0]?.body as {
      tools?: unknown;
      response_format?: { type: string };
      messages: unknown[];
    };
    const used = body.tools !== undefined ? "tools" : (body.response_format?.type ?? "words");
    expect(used).toBe(way);
    expect(body.messages).toHaveLength(way === "json_object" || way === "words" ? 2 : 1);
  });

  it("validates, and keeps the raw answer where it is wanted", async () => {
    const { model } = await modelOf({ text: () => "no idea" }, {});
    await expect(model.withStructuredOutput(shape).invoke("Who?")).rejects.toThrow(/no JSON/);
    const { raw, parsed } = await model.withStructuredOutput(shape, { includeRaw: true }).invoke("Who?");
    expect([raw.text, parsed]).toEqual(["no idea", null]);
    const { model: wrong } = await modelOf({ tools: "kept", object: () => ({ who: 1 }) }, { tools: true });
    await expect(wrong.withStructuredOutput(shape).invoke("Who?")).rejects.toThrow(/does not fit/);
    expect(() => model.withStructuredOutput(shape, { method: "magic" })).toThrow(/method/);
  });
});
