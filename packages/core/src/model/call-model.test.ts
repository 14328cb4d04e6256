import { AIMessageChunk } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import type { Note } from "../run/note.js";
import { aCall } from "../testing/a-call.js";
import { scriptedModel } from "../testing/scripted-model.js";
import { contentHash } from "../text/content-hash.js";
import { callModel } from "./call-model.js";
import type { ModelCall } from "./model-call.js";
import type { ModelReply } from "./model-reply.js";

/** Asks a model that streams a tool call with these arguments, and ends for this reason. */
async function askForTool(args: string, finish: string): Promise<{ reply: ModelReply; notes: Note[] }> {
  const notes: Note[] = [];
  const served = { model: scriptedModel({ answers: [] }), served: "scripted", notes: [] };
  const call: ModelCall = {
    ...aCall(),
    note: async (one) => {
      notes.push(one);
    },
  };
  const stream = async () =>
    (async function* () {
      yield new AIMessageChunk({
        content: "",
        tool_call_chunks: [{ type: "tool_call_chunk", index: 0, id: "t", name: "f", args }],
      });
      yield new AIMessageChunk({ content: "", response_metadata: { finish_reason: finish } });
    })();
  const reply = await callModel(call, {
    role: "grader",
    served,
    site: { node: "grader", branch: "", ordinal: 0 },
    system: "",
    user: "",
    form: { method: "tool", bind: () => ({ stream }) },
    maxTokens: 100,
  });
  return { reply, notes };
}

describe("callModel", () => {
  it("takes half a tool call for none, though it could be closed into a whole one", async () => {
    const { reply, notes } = await askForTool('{"query": "Who bui', "length");
    expect(reply).toEqual({ kind: "reply", text: "", cut: "length" });
    expect(notes.map(({ code }) => code)).toContain("cut");
  });

  it("keeps a whole tool call, cut behind its end or not at all", async () => {
    const args = { query: "Who?" };
    const { reply } = await askForTool(JSON.stringify(args), "length");
    expect(reply).toEqual({ kind: "reply", text: "", args, cut: "length" });
    const { reply: whole, notes } = await askForTool(JSON.stringify(args), "tool_calls");
    expect(whole).toEqual({ kind: "reply", text: "", args });
    expect(notes.map(({ code }) => code)).not.toContain("cut");
  });

  it("records the role, the model, the hash of the prompt alone, the usage and the money", async () => {
    const call = aCall();
    const model = scriptedModel({
      answers: [{ content: "yes", usage: { inputTokens: 100, outputTokens: 10 } }],
    });
    await callModel(
      { ...call, prices: { served: { inputPerMillion: 1, outputPerMillion: 2 } } },
      {
        role: "judge",
        served: { model, served: "served", notes: [] },
        site: { node: "judge", branch: "", ordinal: 0 },
        prompt: "You judge.",
        system: "You judge. The fence is a51f.",
        user: "Is it?",
        maxTokens: 50,
      },
    );
    const [entry] = call.journal.entries();
    expect(entry?.data).toMatchObject({
      role: "judge",
      served: "served",
      method: "text",
      prompt: contentHash("You judge."),
      usage: { inputTokens: 100, outputTokens: 10, calls: 1, usd: 0.00012 },
      cut: null,
      limit: 50,
    });
    expect(call.meter.usage).toEqual({ inputTokens: 100, outputTokens: 10, calls: 1, usd: 0.00012 });
    expect(model.calls[0]?.maxTokens).toBe(50);
  });

  it("sends nothing without a price under a limit of money", async () => {
    const model = scriptedModel({ answers: ["yes"] });
    const asked = callModel(aCall({ budget: { usd: 1 } }), {
      role: "judge",
      served: { model, served: "served", notes: [] },
      site: { node: "judge", branch: "", ordinal: 0 },
      system: "",
      user: "",
      maxTokens: 50,
    });
    await expect(asked).rejects.toMatchObject({ code: "budget-impossible" });
    expect(model.calls).toEqual([]);
  });

  it("charges what served, counts what a failure says was sent, and says when a stand-in has no price", async () => {
    const notes: Note[] = [];
    const fellBack = { code: "fell-back", message: "lora was left for base." } as Note;
    const ask = async (stream: () => Promise<AsyncIterable<AIMessageChunk>>, names: readonly string[]) => {
      const call: ModelCall = {
        ...aCall({ budget: { usd: 1 } }),
        prices: Object.fromEntries(
          names.map((name, at) => [name, { inputPerMillion: 0, outputPerMillion: 0, perRequest: 0.01 * (at + 1) }]),
        ),
        note: async (one) => {
          notes.push(one);
        },
      };
      await callModel(call, {
        role: "planner",
        served: { model: scriptedModel({ answers: [] }), served: "vllm:lora on base@1", notes: [] },
        site: { node: "planner", branch: "", ordinal: 0 },
        ...{ system: "", user: "", maxTokens: 100, maxRetries: 0 },
        form: { method: "prompted", bind: () => ({ stream }) },
      });
      return call.meter.usage;
    };
    const said = async () =>
      (async function* () {
        yield new AIMessageChunk({
          content: "{}",
          response_metadata: { served: "vllm:base@1", requests: 2, notes: [fellBack] },
        });
      })();
    expect(await ask(said, ["lora", "base"])).toMatchObject({ calls: 2, usd: 0.04 });
    expect(notes.filter(({ code }) => code === "x-price-unknown")).toEqual([]);
    expect(await ask(said, ["lora"])).toMatchObject({ calls: 2, usd: 0.02 });
    expect(notes.find(({ code }) => code === "x-price-unknown")?.message).toContain("vllm:base@1");
    const failed = () => Promise.reject(Object.assign(new Error("both failed"), { status: 500, requests: 2 }));
    expect(await ask(failed, ["lora"])).toMatchObject({ calls: 2, usd: 0 });
  });
});
