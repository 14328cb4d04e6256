import { createRetrievalAgent } from "@clew/agents";
import { type Retriever, scope } from "@clew/core";
import { sourceInputs } from "@clew/core/testing";
import { type EndpointOptions, endpoint, modelSource, probe } from "@clew/endpoints";
import { type ModelCall, type TestModelServerOptions, testMind, testModelServer } from "@clew/endpoints/testing";
import { memoryIndex } from "@clew/index";
import { lexical } from "@clew/retrievers";
import { beforeAll, describe, expect, it } from "vitest";

const facts: readonly (readonly [subject: string, verb: string, object: string])[] = [
  ["The Labyrinth", "was built by", "Daedalus"],
  ["Leiden University", "was founded by", "William of Orange"],
  ["Penicillin", "was discovered by", "Alexander Fleming"],
  ["The telephone", "was patented by", "Alexander Graham Bell"],
  ["Radium", "was isolated by", "Marie Curie"],
  ["The Parthenon", "was designed by", "Iktinos"],
  ["Neptune", "was observed first by", "Johann Galle"],
  ["Hamlet", "was written by", "William Shakespeare"],
  ["The Rhine", "is crossed at Basel by", "the Wettstein Bridge"],
  ["Linux", "was started by", "Linus Torvalds"],
  ["The Night Watch", "was painted by", "Rembrandt"],
  ["Lichtenstein", "is ruled by", "Prince Hans"],
  ["The Eroica", "was composed by", "Ludwig van Beethoven"],
  ["Oxygen", "was described by", "Joseph Priestley"],
  ["The steam engine", "was improved by", "James Watt"],
  ["Everest", "was climbed first by", "Edmund Hillary"],
  ["The Origin of Species", "was published by", "Charles Darwin"],
  ["Dynamite", "was invented by", "Alfred Nobel"],
  ["Utopia", "was imagined by", "Thomas More"],
  ["The Divine Comedy", "was written in exile by", "Dante Alighieri"],
];
const questions = facts.map(([subject, verb]) => `Who ${verb} ${subject.replace(/^The/, "the")}?`);

/** What a model writes: the object of its role where a form is kept, else a plain sentence of the evidence. */
const said = (call: ModelCall): string => call.messages.map(({ content }) => content).join("\n");
const object = (call: ModelCall): object | undefined => {
  const text = said(call);
  const question = /\bQuestion:\n([^\n]+)/.exec(text)?.[1] ?? "?";
  if (text.includes("You decide")) return { kind: "retrieve", question, text: null, why: "facts" };
  if (text.includes("You plan")) return { subQuestions: [{ id: "q1", question, dependsOn: [] }] };
  if (text.includes("You check")) {
    return { grades: [{ id: "q1", answered: true, evidence: ["E1"], answer: "found", missing: null, query: null }] };
  }
  return undefined;
};
/** Prose and nothing else: no quote, no marker, whatever it is asked for. */
const prose = (call: ModelCall): string => {
  const text = said(call);
  const asked = facts.find(([subject, verb]) => text.includes(`${verb} ${subject.replace(/^The/, "the")}?`));
  if (asked === undefined || !text.includes("Evidence")) return "I would gladly help with that.";
  return `${asked.join(" ")}.`;
};

/** Twelve servers; each can do something else. */
const servers: readonly {
  readonly name: string;
  readonly mind: Parameters<typeof testMind>[0];
  readonly protocol?: TestModelServerOptions["protocol"];
  readonly own?: Partial<EndpointOptions>;
  /** How the planner is asked. */
  readonly form: "json_schema" | "tool" | "json_object" | "prompted";
}[] = [
  { name: "everything", mind: { tools: "kept", jsonSchema: "kept", jsonMode: "kept" }, form: "json_schema" },
  { name: "tools, and a response_format that is ignored", mind: { tools: "kept" }, form: "tool" },
  {
    name: "no tools, by refusal",
    mind: { tools: "refused", jsonSchema: "kept" },
    protocol: "vllm",
    form: "json_schema",
  },
  { name: "JSON mode alone", mind: { tools: "refused", jsonSchema: "refused", jsonMode: "kept" }, form: "json_object" },
  { name: "completions alone", mind: { chat: "refused" }, protocol: "vllm", form: "prompted" },
  { name: "prose alone", mind: {}, protocol: "llamacpp", own: { model: "gpt-4o" }, form: "prompted" },
  {
    name: "no count in streams",
    mind: { tools: "kept", streamUsage: "ignored" },
    protocol: "huggingface",
    form: "tool",
  },
  { name: "no usage asked for", mind: { jsonSchema: "kept", streamUsage: "refused" }, form: "json_schema" },
  { name: "no streams", mind: { tools: "kept", streaming: "ignored" }, form: "tool" },
  { name: "Ollama", mind: { jsonSchema: "kept", jsonMode: "kept" }, protocol: "ollama", form: "json_schema" },
  {
    name: "TGI",
    mind: { tools: "kept", jsonSchema: "kept" },
    protocol: "tgi",
    own: { kind: "tgi" },
    form: "json_schema",
  },
  {
    name: "TGI's own protocol",
    mind: { jsonSchema: "kept", jsonMode: "kept" },
    protocol: "tgi-generate",
    own: { kind: "tgi", api: "generate" } as Partial<EndpointOptions>,
    form: "json_schema",
  },
];

describe("an agent whose model is served by a server with", () => {
  let retriever: Retriever;
  beforeAll(async () => {
    const texts = facts.map(([subject, verb, who]) => `${subject} ${verb} ${who}. It is remembered to this day.`);
    const acme = scope("acme");
    const index = await memoryIndex();
    await index.sync(acme, sourceInputs(texts));
    retriever = lexical(index.in(acme));
  });

  it.each(servers)("$name: probed in at most 12 calls, then 20 questions answered", async (row) => {
    const { mind, protocol = "openai-compatible", own, form } = row;
    const calls: ModelCall[] = [];
    const answer = testMind({ ...mind, text: prose, object });
    const server = await testModelServer({
      protocol,
      answer: (call) => {
        calls.push(call);
        return answer(call);
      },
    });
    try {
      const model = endpoint({
        kind: protocol,
        model: "test-model",
        baseURL: server.baseURL,
        environment: {},
        apiKey: "planted-key-77aa",
        maxRetries: 0,
        ...own,
      } as EndpointOptions);
      const report = await probe(model);
      expect(server.asked.length).toBe(report.calls);
      expect(report.calls).toBeLessThanOrEqual(12);
      calls.length = 0;
      const agent = createRetrievalAgent({ retriever, models: modelSource(model, { probe: report }) });
      for (const [at, question] of questions.entries()) {
        const result = await agent.ask(question, { budget: { hops: 1 } });
        expect([result.status, result.text]).toEqual(["answered", `${facts[at]!.join(" ")}.`]);
        expect(result.sentences).toMatchObject([{ verdict: "supported" }]);
        expect(result.citations.length).toBeGreaterThan(0);
        expect(JSON.stringify(result)).not.toContain("planted-key");
      }
      const planner = calls.find((call) => said(call).includes("You plan"))!;
      const used =
        planner.tools.length > 0
          ? "tool"
          : planner.form === undefined
            ? "prompted"
            : planner.form === "json"
              ? "json_object"
              : "json_schema";
      expect(used).toBe(form);
      // nothing is tried that the probe has ruled out
      expect(calls.length).toBeLessThanOrEqual(20 * 8);
    } finally {
      await server.close();
    }
  });
});
