import { HumanMessage } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { scriptedModel } from "./scripted-model.js";

// LangChain types usage_metadata as never under exactOptionalPropertyTypes
const usageOf = (message: object | undefined): unknown => (message as { usage_metadata?: unknown }).usage_metadata;

const schema = z.object({ queries: z.array(z.string()).min(1) });

describe("scriptedModel", () => {
  it("answers in order, counts tokens, and remembers what it was asked", async () => {
    const model = scriptedModel({
      answers: ["one two", { content: "three", usage: { inputTokens: 7, outputTokens: 9 } }],
    });
    const first = await model.invoke("how many words");
    expect(first.text).toBe("one two");
    expect(usageOf(first)).toEqual({ input_tokens: 3, output_tokens: 2, total_tokens: 5 });
    const second = await model.invoke([new HumanMessage("again")]);
    expect(usageOf(second)).toMatchObject({ total_tokens: 16 });
    expect(model.calls.map(({ messages }) => messages[0]?.text)).toEqual(["how many words", "again"]);
    await expect(model.invoke("more")).rejects.toMatchObject({ code: "model-failed" });
  });

  it("streams word by word, with usage at the end", async () => {
    const model = scriptedModel({ answers: ["The  thread leads\nout. "] });
    const pieces: string[] = [];
    let whole: Awaited<ReturnType<typeof model.invoke>> | undefined;
    for await (const chunk of await model.stream("?")) {
      pieces.push(chunk.text);
      whole = whole === undefined ? chunk : whole.concat(chunk);
    }
    expect(pieces.filter((piece) => piece !== "").length).toBeGreaterThan(3);
    expect(whole?.text).toBe("The  thread leads\nout. ");
    expect(usageOf(whole)).toMatchObject({ output_tokens: 4 });
    expect(model.calls[0]?.streamed).toBe(true);
  });

  it("streams tool calls as chunks that add up", async () => {
    const args = { query: "who founded the university of Leiden?" };
    const model = scriptedModel({
      answers: [
        {
          toolCalls: [
            { name: "search", args },
            { name: "stop", args: {} },
          ],
        },
      ],
    });
    let whole: Awaited<ReturnType<typeof model.invoke>> | undefined;
    for await (const chunk of await model.stream("?")) whole = whole === undefined ? chunk : whole.concat(chunk);
    expect(whole?.tool_calls).toMatchObject([
      { name: "search", args, id: "call-1-1" },
      { name: "stop", args: {} },
    ]);
  });

  it.each(["functionCalling", "jsonMode", "jsonSchema"])("gives validated structured output by %s", async (method) => {
    const model = scriptedModel({ answers: [{ json: { queries: ["a"] } }, { json: { queries: [] } }, { json: {} }] });
    const structured = model.withStructuredOutput(schema, { method, name: "plan" });
    expect(await structured.invoke("?")).toEqual({ queries: ["a"] });
    await expect(structured.invoke("?")).rejects.toThrow(/does not fit/);
    const raw = await model.withStructuredOutput(schema, { method, name: "plan", includeRaw: true }).invoke("?");
    expect(raw.parsed).toBeNull();
    expect(model.calls[0]?.forced).toBe(method === "functionCalling" ? "plan" : undefined);
    expect(model.calls[0]?.responseFormat === undefined).toBe(method === "functionCalling");
  });

  it("throws errors, and prose where JSON was wanted is an error", async () => {
    const model = scriptedModel({ answers: [new Error("429"), "no idea", "no idea"] });
    await expect(model.invoke("?")).rejects.toThrow("429");
    await expect(model.withStructuredOutput(schema, { method: "jsonMode" }).invoke("?")).rejects.toThrow(/not JSON/);
    await expect(model.withStructuredOutput(schema).invoke("?")).rejects.toThrow(/did not call/);
  });

  it("stops when the signal is aborted, before, while waiting and between chunks", async () => {
    const answer = { content: "one two three", delayMs: 60_000 };
    const model = scriptedModel({ answers: () => answer });
    await expect(model.invoke("?", { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow();
    const controller = new AbortController();
    const waiting = model.invoke("?", { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("gone")), 5);
    await expect(waiting).rejects.toThrow();
    const streaming = (async () => {
      const { signal } = (() => {
        const late = new AbortController();
        setTimeout(() => late.abort(new Error("gone")), 5);
        return late;
      })();
      for await (const _ of await model.stream("?", { signal }));
    })();
    await expect(streaming).rejects.toThrow();
  });
});
