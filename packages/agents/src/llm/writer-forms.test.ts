import { proseForm, quoteTagForm, type WriterForm } from "@clew/core";
import { type ScriptedRequest, scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { myths } from "../test/myths.js";

const question = "Who built the Labyrinth?";
const sentence = "It was built by Daedalus for King Minos.";

/** A base model for all decisions. */
const base = scriptedModel({
  answers: ({ messages }) => {
    const system = messages[0]!.text;
    if (system.startsWith("You decide")) return { json: { kind: "retrieve", question, text: null, why: "facts" } };
    if (system.startsWith("You plan")) return { json: { subQuestions: [{ id: "q1", question, dependsOn: [] }] } };
    return {
      json: {
        grades: [{ id: "q1", answered: true, evidence: ["E1"], answer: "Daedalus", missing: null, query: null }],
      },
    };
  },
});

/** Asks with a writer that was trained on a form, and shows what it was asked. */
async function asked(form: WriterForm | undefined, write: (request: ScriptedRequest) => string) {
  const seen: ScriptedRequest[] = [];
  const model = scriptedModel({
    answers: (request) => {
      seen.push(request);
      return write(request);
    },
  });
  const writer = form === undefined ? model : { model, form };
  const agent = createRetrievalAgent({ retriever: myths(), models: { writer, default: base } });
  return { answer: await agent.ask(question), seen };
}

/** The id under which a line of the prompt shows a passage. */
const lineOf = ({ messages }: ScriptedRequest, text: string): string =>
  messages[1]!.text
    .split("\n")
    .find((line) => line.includes(text))!
    .match(/E\d+/)![0]!;

describe("a writer with a form of its own", () => {
  it("is asked in the prompt that it was trained on, and its tags are citations", async () => {
    const { answer, seen } = await asked(
      quoteTagForm(),
      (request) => `<quote id="${lineOf(request, sentence)}">${sentence}</quote>`,
    );
    const [system, user] = seen[0]!.messages.map(({ text }) => text);
    expect(system).toBe('Answer only with one sentence copied from the evidence, as <quote id="E1">sentence</quote>.');
    expect(user).toMatch(/^\[E1\] .+\n[\s\S]*\n\nQuestion: Who built the Labyrinth\?$/);
    expect(answer.status).toBe("answered");
    expect(answer.citations.map(({ quote }) => quote)).toEqual([sentence]);
  });

  it("is not asked to repair what it cannot: what it wrote stands, with its verdict", async () => {
    const { answer, seen } = await asked(quoteTagForm(), () => '<quote id="E1">Daedalus was born in 1575.</quote>');
    expect(seen.length).toBe(1);
    expect(answer.sentences.map(({ verdict }) => verdict)).not.toContain("supported");
    expect(answer.status).toBe("abstained");
  });

  it("writes prose that code finds the quotes for", async () => {
    const { answer } = await asked(proseForm(), () => "The Labyrinth was built by Daedalus for King Minos.");
    expect(answer.status).toBe("answered");
    expect(answer.citations[0]?.quote).toContain("built by Daedalus");
  });

  it("cites nothing that is not there", async () => {
    const { answer } = await asked(quoteTagForm(), () => `<quote id="E99">${sentence}</quote>`);
    const known = new Set(answer.evidence.map(({ id }) => id));
    for (const { evidence } of answer.citations) expect(known).toContain(evidence);
  });

  it("is understood without a form, too, when all it writes stands in tags", async () => {
    const { answer } = await asked(undefined, (request) => {
      const shown = request.messages[1]!.text;
      const before = shown.slice(0, shown.indexOf(sentence));
      return `<quote id="${/E\d+(?![\s\S]*E\d+)/.exec(before)![0]}">${sentence}</quote>`;
    });
    expect(answer.status).toBe("answered");
    expect(answer.citations.map(({ quote }) => quote)).toContain(sentence);
  });

  it.each([
    [{ model: base }, "models.writer"],
    [{ model: base, form: {} }, "models.writer"],
  ])("is refused without a form that renders", (writer, name) => {
    expect(() => createRetrievalAgent({ retriever: myths(), models: { writer, default: base } as never })).toThrow(
      name,
    );
  });

  it("may only be a writer", () => {
    const planner = { model: base, form: quoteTagForm() };
    expect(() => createRetrievalAgent({ retriever: myths(), models: { planner, default: base } as never })).toThrow(
      "models.planner",
    );
  });
});
