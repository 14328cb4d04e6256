import type { ServerResponse } from "node:http";
import { type Call, ClewError, type ServedModel, scope, servedBy } from "@clew/core";
import { aCall } from "@clew/core/testing";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessageChunk } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sagemakerChat } from "../sagemaker/sagemaker-chat.js";
import { aClock, type Fault, FaultyModel, late, mendable } from "../test/faulty-model.js";
import { type LocalServer, serve } from "../test/local-server.js";
import { payloadPart } from "../test/sagemaker-frames.js";
import { type RoutedOptions, routed } from "./routed.js";

interface Heard {
  text: string;
  message?: AIMessageChunk;
  error?: unknown;
}

async function ask({ model }: ServedModel, options: object = {}): Promise<Heard> {
  const heard: Heard = { text: "" };
  try {
    for await (const chunk of await model.stream("q", options)) {
      heard.text += chunk.text;
      heard.message = heard.message === undefined ? chunk : heard.message.concat(chunk);
    }
  } catch (error) {
    heard.error = error;
  }
  return heard;
}

const inRole = (role: string): Call => aCall({ role });
const two = (first: (call: number) => Fault, below: (call: number) => Fault = () => "none") => {
  const [adapter, base] = [new FaultyModel("lora-a", first), new FaultyModel("base", below)];
  const source = (options: Partial<RoutedOptions> = {}) =>
    routed({ base, adapters: { writer: adapter }, by: "role", timeoutMs: 20, baseTimeoutMs: 20, ...options });
  return { adapter, base, source };
};

describe("routed", () => {
  it("chooses by role, and for repair as for the writer", async () => {
    const { adapter, base, source } = two(() => "none");
    const route = source();
    for (const [role, model] of [
      ["writer", adapter],
      ["repair", adapter],
      ["planner", base],
    ] as const) {
      const served = await route(inRole(role));
      expect(served.served).toBe(model.model);
      const { text, message } = await ask(served);
      expect(text).toBe(model.said);
      if (model === adapter) expect(servedBy(message!)).toEqual({ served: "lora-a", requests: 1, notes: [] });
    }
  });

  it("chooses by scope, over a choice by role", async () => {
    const made: string[] = [];
    const make = (name: string): BaseChatModel => {
      made.push(name);
      return new FaultyModel(name);
    };
    const roles = routed({ base: new FaultyModel("base"), adapters: { writer: "lora-a" }, by: "role", make });
    const route = routed({ base: roles, adapters: { acme: "lora-b", twin: "lora-b" }, by: "scope", make });
    const said = async (tenant: string, role: string): Promise<string | undefined> =>
      (await route(aCall({ role, scope: scope(tenant) }))).served;
    expect([
      await said("acme", "writer"),
      await said("twin", "planner"),
      await said("else", "writer"),
      await said("else", "planner"),
    ]).toEqual(["lora-b", "lora-b", "lora-a", "base"]);
    expect(made).toEqual(["lora-a", "lora-b"]);
  });

  it.each<[Fault, string]>([
    ["missing", "missing"],
    ["unknown", "missing"],
    ["busy", "failing"],
    ["broken", "failing"],
    ["unreachable", "failing"],
    ["silent", "slow"],
    ["empty", "failing"],
    ["cut-early", "failing"],
  ])("falls back to the base, with a note, when the adapter is %s", async (fault, why) => {
    const { base, source } = two(() => fault);
    const { text, message, error } = await ask(await source()(inRole("writer")));
    expect([text, error]).toEqual([base.said, undefined]);
    expect(servedBy(message!)).toMatchObject({
      served: "base",
      requests: 2,
      notes: [{ code: "fell-back", detail: { from: "lora-a", to: "base", why, requests: 1 } }],
    });
    expect(message!.usage_metadata).toMatchObject({ total_tokens: 7 });
  });

  it("does the same for a call without a stream", async () => {
    const { base, source } = two(() => "broken");
    const { model } = await source()(inRole("writer"));
    const message = await model.invoke("q");
    expect(message.text).toBe(base.said);
    expect(servedBy(message)).toMatchObject({ served: "base", requests: 2, notes: [{ code: "fell-back" }] });
  });

  it.each<Fault>(["cut-late", "stalls"])("breaks off, typed and without doubled text, when it is %s", async (fault) => {
    const { adapter, base, source } = two(() => fault);
    const { text, error } = await ask(await source()(inRole("writer")));
    expect(text).toBe(
      adapter.said
        .match(/\S+\s*/g)!
        .slice(0, 2)
        .join(""),
    );
    expect(error).toMatchObject({ code: fault === "stalls" ? "timed-out" : "model-failed" });
    expect((error as Error).message).toContain("in the middle of its answer");
    expect(base.calls).toHaveLength(0);
  });

  it.each<Fault>(["refused", "bad-request"])("hands on what the base would not mend: %s", async (fault) => {
    const { adapter, base, source } = two(() => fault);
    const route = source({ breaker: { failures: 1 } });
    for (let turn = 0; turn < 3; turn++) {
      const { error } = await ask(await route(inRole("writer")));
      expect(error).toMatchObject(fault === "refused" ? { code: "service-refused" } : { status: 400 });
    }
    // it says nothing of the adapter's health
    expect([adapter.calls.length, base.calls.length]).toEqual([3, 0]);
  });

  it("tells of both when both fail", async () => {
    const { source } = two(
      () => "missing",
      () => "busy",
    );
    const { error } = await ask(await source()(inRole("writer")));
    expect(error).toMatchObject({ code: "model-failed", status: 429 });
    expect((error as Error).message).toMatch(/lora-a was left for base \(missing\).*base failed too: slow down/);
  });

  it("leaves a failing adapter alone for the pause, and tries it again", async () => {
    const clock = aClock();
    const { adapter, source } = two((call) => (call < 2 ? "broken" : "none"));
    const route = source({ breaker: { failures: 2, pauseMs: 1000 }, runtime: clock });
    const turn = async () => servedBy((await ask(await route(inRole("writer")))).message!);
    await turn();
    await turn();
    expect(await turn()).toMatchObject({
      served: "base",
      requests: 1,
      notes: [{ code: "fell-back", detail: { why: "resting", requests: 0 } }],
    });
    expect(adapter.calls).toHaveLength(2);
    clock.by(1000);
    expect(await turn()).toEqual({ served: "lora-a", requests: 1, notes: [] });
  });

  it("does not lose the trial of a caller who leaves", async () => {
    const clock = aClock();
    const { adapter, source } = two((call) => (call === 0 ? "broken" : call === 1 ? "silent" : "none"));
    const route = source({ breaker: { failures: 1, pauseMs: 10 }, runtime: clock, timeoutMs: 60_000 });
    await ask(await route(inRole("writer")));
    clock.by(10);
    const controller = new AbortController();
    const asked = ask(await route(inRole("writer")), { signal: controller.signal });
    await expect.poll(() => adapter.calls.length).toBe(2);
    controller.abort(new Error("enough"));
    expect((await asked).error).toMatchObject({ message: "enough" });
    for await (const chunk of await (await route(inRole("writer"))).model.stream("q")) if (chunk.text !== "") break;
    expect((await ask(await route(inRole("writer")))).text).toBe(adapter.said);
    expect(adapter.calls).toHaveLength(4);
  });

  it("hands tools and response formats to whichever model answers", async () => {
    const { adapter, base, source } = two((call) => (call % 2 === 0 ? "missing" : "none"));
    const { model } = await source()(inRole("writer"));
    const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
    const bound = model.bindTools!(tools, { tool_choice: "f" });
    for (let turn = 0; turn < 2; turn++) for await (const _ of await bound.stream("q"));
    for await (const _ of await model.withConfig({ response_format: { type: "json_object" } } as object).stream("q"));
    expect(adapter.calls).toMatchObject([
      { tools, tool_choice: "f", boundBy: "lora-a" },
      { tools, tool_choice: "f", boundBy: "lora-a" },
      { response_format: { type: "json_object" } },
    ]);
    expect(base.calls).toMatchObject([
      { tools, tool_choice: "f", boundBy: "base" },
      { response_format: { type: "json_object" } },
    ]);
  });

  it("works as a view that inherits from it, with views of the models inside", async () => {
    const { adapter, base, source } = two((call) => (call % 2 === 0 ? "missing" : "none"));
    const { model } = await source()(inRole("writer"));
    const lower = (inner: object): object => Object.create(inner, { maxTokens: { value: 9, enumerable: true } });
    const view: BaseChatModel = Object.create(model, {
      first: { value: lower(adapter) },
      base: { value: lower(base) },
    });
    expect((await ask({ model: view, served: "", notes: [] })).text).toBe(base.said);
    const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
    for await (const _ of await view.bindTools!(tools).stream("q"));
    expect([adapter.calls.length, base.calls.length]).toEqual([2, 1]);
    expect(adapter.calls[1]).toMatchObject({ tools, boundBy: "lora-a" });
  });

  it("knows what both can do, and no more", async () => {
    const able = (capabilities: object) => (): ServedModel => ({
      ...{ model: new FaultyModel("m"), served: "m", notes: [] },
      capabilities,
    });
    const route = routed({
      base: able({ tools: true, jsonSchema: true, jsonMode: false, contextTokens: 4096 }),
      adapters: { writer: able({ tools: true, jsonMode: true, contextTokens: 8192 }) },
      by: "role",
    });
    expect((await route(inRole("writer"))).capabilities).toEqual({ tools: true, jsonMode: false, contextTokens: 4096 });
  });

  it("no request is lost, doubled or charged twice unsaid, whatever fails when", async () => {
    const faults: Fault[] = [...mendable, ...late, "refused", "bad-request"];
    const fault = fc.oneof({ arbitrary: fc.constant<Fault>("none"), weight: 4 }, fc.constantFrom(...faults));
    const schedule = fc.array(fault, { minLength: 1, maxLength: 8 });
    const step = fc.record({ waitMs: fc.nat(60), atOnce: fc.integer({ min: 1, max: 3 }) });
    await fc.assert(
      fc.asyncProperty(schedule, schedule, fc.array(step, { maxLength: 8 }), async (first, below, steps) => {
        const clock = aClock();
        const { adapter, base, source } = two(
          (call) => first[call % first.length]!,
          (call) => below[call % below.length]!,
        );
        const route = source({
          breaker: { failures: 2, windowMs: 100, pauseMs: 50 },
          runtime: clock,
          timeoutMs: 3,
          baseTimeoutMs: 3,
        });
        let asked = 0;
        let requests = 0;
        for (const { waitMs, atOnce } of steps) {
          clock.by(waitMs);
          const before = adapter.calls.length + base.calls.length;
          const served = await route(inRole("writer"));
          const heard = await Promise.all(Array.from({ length: atOnce }, () => ask(served)));
          asked += atOnce;
          let said = 0;
          for (const { text, message, error } of heard) {
            const by = message === undefined ? undefined : servedBy(message);
            if (error === undefined) {
              const model = by?.served === "lora-a" ? adapter : base;
              expect(text).toBe(model.said);
              expect(by!.served).toBe(model.model);
              expect(by!.notes.length > 0).toBe(model === base);
              expect(by!.requests === 2).toBe(by!.notes.some(({ detail }) => detail?.requests === 1));
            } else {
              expect(error).toBeInstanceOf(Error);
              expect(ClewError.isInstance(error) || (error as { status?: number }).status === 400).toBe(true);
              expect([adapter.said, base.said].some((whole) => whole.startsWith(text))).toBe(true);
            }
            said += by?.requests ?? 0;
            requests += 1;
          }
          const sent = adapter.calls.length + base.calls.length - before;
          const unanswered = heard.filter(({ message }) => message === undefined).length;
          expect(sent).toBeGreaterThanOrEqual(said + unanswered);
          expect(sent).toBeLessThanOrEqual(said + 2 * unanswered);
        }
        expect(requests).toBe(asked);
      }),
      { numRuns: 100 },
    );
  });

  it("goes on over a restart of the server, and over random faults of it", async () => {
    const say = (response: ServerResponse, name: string, cut: boolean): void => {
      response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" });
      const event = (content: string, finish: string | null): string =>
        `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;
      response.write(payloadPart(event(name, null)));
      if (cut) setTimeout(() => response.destroy(), 5);
      else response.end(payloadPart(event(" answers.", "stop")));
    };
    let faults: readonly string[] = [];
    let taken = 0;
    const answer = ({ body }: { body: { model: string } }, response: ServerResponse): void => {
      const fault = body.model === "base" ? "none" : faults[taken++ % faults.length]!;
      if (fault === "none" || fault === "cut") say(response, body.model, fault === "cut");
      else if (fault === "destroyed") response.destroy();
      else response.writeHead(Number(fault), { "content-type": "application/json" }).end("{}");
    };
    let server: LocalServer = await serve(answer);
    const credentials = { accessKeyId: "AKIA", secretAccessKey: "s" };
    const make = (adapter: string) =>
      sagemakerChat({
        ...{ endpoint: "one", region: "eu-west-1", credentials, adapter, maxRetries: 0 },
        baseURL: server.baseURL,
      });
    const clock = aClock();
    const route = routed({
      ...{ base: make("base"), adapters: { writer: "lora-a" }, by: "role", make, runtime: clock },
      breaker: { failures: 2, pauseMs: 50 },
    });
    const fault = fc.constantFrom("none", "404", "500", "503", "429", "destroyed", "cut");
    await fc.assert(
      fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 6 }), fc.nat(5), async (given, restartAt) => {
        faults = given;
        clock.by(1000);
        for (let turn = 0; turn < 6; turn++) {
          const down = turn === restartAt;
          if (down) await server.close();
          const { text, message, error } = await ask(await route(inRole("writer")));
          if (down) {
            expect(error).toMatchObject({ code: "model-failed" });
            expect(text).toBe("");
            server = await serve(answer, server.port);
          } else if (error === undefined) {
            const { served, notes } = servedBy(message!);
            expect(text).toBe(served === "sagemaker:one#base" ? "base answers." : "lora-a answers.");
            expect(notes.some(({ code }) => code === "fell-back")).toBe(served === "sagemaker:one#base");
          } else {
            expect(error).toMatchObject({ code: "model-failed" });
            expect(text).toBe("lora-a");
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it("names what is missing or makes no sense", () => {
    const base = new FaultyModel("base");
    for (const wrong of [
      { base, adapters: { writer: "lora-a" }, by: "role" },
      { base, adapters: {}, by: "tenant" },
      { base: 3, adapters: {}, by: "role" },
      { base, adapters: { writer: 3 }, by: "role" },
      { base, adapters: undefined, by: "role" },
      { base, adapters: {}, by: "role", timeoutMs: 0 },
      { base, adapters: {}, by: "role", retries: 1 },
      { base, adapters: { writer: base }, by: "role", breaker: { failures: 0 } },
    ]) {
      expect(() => routed(wrong as never)).toThrowError(expect.objectContaining({ code: "invalid-option" }));
    }
  });
});
