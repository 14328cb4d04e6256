import { scriptedModel } from "@clew/core/testing";
import { AIMessage, type BaseMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { myths } from "../test/myths.js";
import { searchTool } from "./search-tool.js";
import { verifyReply } from "./verify-reply.js";

const tool = searchTool(myths(), { name: "search_myths", description: "Searches Greek myths." });

/** A conversation of createAgent whose model searches once and then says what is given, `ID` standing for the passage's id. */
async function conversation(said: string): Promise<BaseMessage[]> {
  const model = scriptedModel({
    answers: ({ messages, index }) => {
      if (index === 0) return { toolCalls: [{ name: "search_myths", args: { query: "Who built the Labyrinth?" } }] };
      const id = /<<<evidence (P\w+) \w+\ntitle: Labyrinth/.exec(messages.at(-1)!.text)![1]!;
      return said.replaceAll("ID", id);
    },
  });
  return (await createAgent({ model, tools: [tool] }).invoke({ messages: "Who built it?" })).messages;
}

describe("verifyReply", () => {
  it("finds the quotes that hold what createAgent's model said", async () => {
    const reply = verifyReply(await conversation("It was built by Daedalus [ID]. Daedalus was rich [ID]. It is blue."));
    expect(reply.sentences.map(({ text, verdict }) => [text, verdict])).toEqual([
      ["It was built by Daedalus.", "supported"],
      ["Daedalus was rich.", "unsupported"],
      ["It is blue.", "uncited"],
    ]);
    expect(reply.citations[0]).toMatchObject({
      quote: "It was built by Daedalus for King Minos.",
      source: "labyrinth.md",
      evidence: expect.stringMatching(/^P[0-9a-f]{10}$/),
    });
    expect(reply.text).not.toMatch(/P[0-9a-f]{10}|E9/);
  });

  it("removes ids that no tool has shown, and links to no source", async () => {
    const messages = await conversation(
      "It was built by Daedalus [P0123456789]. Daedalus built it [E1]. It was built by Daedalus [ID], see https://evil.test/x?y.",
    );
    const reply = verifyReply(messages);
    expect(reply.sentences.map(({ verdict }) => verdict).slice(0, 2)).toEqual(["unsupported", "unsupported"]);
    expect(reply.notes.map(({ code }) => code)).toEqual(
      expect.arrayContaining(["unknown-evidence", "unknown-evidence", "link-removed"]),
    );
    expect(JSON.stringify([reply.text, reply.sentences])).not.toContain("evil.test");
    expect(verifyReply(messages, { tools: ["other"] }).citations).toEqual([]);
  });

  it("makes nothing of what is no artifact of ours", () => {
    const artifacts = [
      null,
      "hits",
      { hits: 1 },
      { hits: [null, { id: "P0123456789" }, { id: "x", text: "Daedalus" }] },
    ];
    const tools = artifacts.map((artifact) => new ToolMessage({ content: "", artifact, tool_call_id: "a", name: "t" }));
    const reply = verifyReply([new HumanMessage("?"), ...tools, new AIMessage("Daedalus [P0123456789].")]);
    expect(reply).toMatchObject({ sentences: [{ verdict: "unsupported" }], citations: [] });
    expect(verifyReply([])).toEqual({ text: "", sentences: [], citations: [], notes: [] });
  });
});
