import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createResearcher } from "../researcher/create-researcher.js";
import { myths } from "../test/myths.js";
import { type Observed, observed, type SpanTree, treesOf } from "../test/observed.js";
import { type ChatBody, type OpenAiServer, openAiServer } from "../test/openai-server.js";
import { openTelemetry } from "./open-telemetry.js";

const questions = ["Who built the Labyrinth?", "Who killed the Minotaur?", "Who was the father of Icarus?"];

/** Outlines three sections, and leaves the rest to code. */
const outlines = ({ messages }: ChatBody): object | string =>
  messages.some(({ content }) => content.includes("Most sections"))
    ? { title: "Myths", sections: questions.map((question) => ({ heading: question, question })) }
    : "no";

const names = ({ children }: SpanTree): string[] => children.map(({ span }) => span.name);
const all = (tree: SpanTree): SpanTree[] => [tree, ...tree.children.flatMap(all)];

describe("research", () => {
  let seen: Observed;
  let server: OpenAiServer;
  beforeAll(() => {
    seen = observed();
  });
  beforeEach(() => seen.reset());
  afterEach(async () => server.close());
  afterAll(async () => seen.close());

  it("shows its sections, side by side, each with the nodes of its own graph, in 8 reports at once; what left is counted", async () => {
    server = await openAiServer({ answer: outlines });
    const model = new ChatOpenAI({
      model: "gpt-x",
      apiKey: "sk-x",
      maxRetries: 0,
      configuration: { baseURL: server.url },
    });
    const researcher = createResearcher({
      retriever: myths(),
      models: { default: { model, remote: true } },
      checkpointer: new MemorySaver(),
      telemetry: await openTelemetry(),
    });
    const reports = await Promise.all(
      Array.from({ length: 8 }, (_, number) => researcher.research("What do the myths say?", { thread: `t${number}` })),
    );
    await vi.waitFor(() => expect(seen.open()).toBe(0), { timeout: 20_000 });
    const roots = treesOf(seen.spans());
    expect(roots.map(({ span }) => span.name)).toEqual(reports.map(() => "invoke_agent clew-research"));
    const threads = roots.map((root) => {
      expect(names(root)).toEqual([
        "begin",
        "outline",
        "share",
        "section",
        "section",
        "section",
        "share",
        "compose",
        "finish",
      ]);
      const sections = root.children.filter(({ span }) => span.name === "section");
      expect(sections.map(({ span }) => span.attributes["clew.section"]).sort()).toEqual(["s1", "s2", "s3"]);
      for (const section of sections) {
        expect(names(section).slice(0, 4)).toEqual(["begin", "route", "plan", "retrieve"]);
        expect(names(section).at(-1)).toBe("finish");
        const inner = section.children.flatMap(({ span, children }) =>
          children.map((child) => `${span.name}/${child.span.name.split(" ")[0]}`),
        );
        const places = ["plan/chat", "retrieve/retrieval", "grade/chat", "write/chat"];
        expect(new Set(inner.filter((place) => place !== "repair/chat"))).toEqual(new Set(places));
      }
      const own = all(root).filter(({ span }) => span.name !== "POST");
      expect(new Set(own.map(({ span }) => span.attributes["gen_ai.conversation.id"])).size).toBe(1);
      return root.span.attributes["gen_ai.conversation.id"];
    });
    expect(new Set(threads).size).toBe(8);
    const counted = reports.map(
      ({ notes }) => notes.find(({ code }) => code === "outbound")!.detail as { requests: number },
    );
    expect(counted.reduce((sum, { requests }) => sum + requests, 0)).toBe(server.requests());
  });
});
