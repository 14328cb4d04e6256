import type { Note, PolicyCall } from "@clew/core";
import { aCall, scriptedModel } from "@clew/core/testing";
import { AIMessageChunk } from "@langchain/core/messages";
import { describe, expect, it } from "vitest";
import { callModel, type ModelReply } from "./call-model.js";

/** Asks a model that streams a tool call with these arguments, and ends for this reason. */
async function askForTool(args: string, finish: string): Promise<{ reply: ModelReply; notes: Note[] }> {
  const notes: Note[] = [];
  const served = { model: scriptedModel({ answers: [] }), served: "scripted", notes: [] };
  const call: PolicyCall = {
    ...aCall(),
    model: async () => served,
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
});
