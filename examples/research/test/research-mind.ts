import { type ModelAnswer, type ModelCall, type ModelServer, testMind, testModelServer } from "@clew/endpoints/testing";
import { endpoint, modelSource, probe } from "clew";
import { onTestFinished } from "vitest";

/** Which part a model plays in a call, by its system prompt. */
export function roleOf({ messages }: ModelCall): "outliner" | "planner" | "grader" | "writer" | "other" {
  const system = messages[0]?.content ?? "";
  if (system.startsWith("You outline")) return "outliner";
  if (system.startsWith("You plan")) return "planner";
  if (system.startsWith("You check how far")) return "grader";
  return system.startsWith("You answer a question") ? "writer" : "other";
}

const sections = [
  { heading: "The director", question: "Who was Otto Preminger?" },
  { heading: "Rosebud", question: "Who directed the film Rosebud, and who starred in it?" },
  { heading: "The Human Factor", question: "Who wrote the espionage novel The Human Factor?" },
];

const userText = ({ messages }: ModelCall): string => messages.at(-1)?.content ?? "";
const questionIn = (call: ModelCall): string => /\bQuestion:\n([^\n]+)/.exec(userText(call))?.[1] ?? "?";

/** The passages of a prompt: id and first sentence. */
const shownIn = (call: ModelCall): { id: string; sentence: string }[] =>
  [...userText(call).matchAll(/<<<evidence (E\d+) \S+\n[^\n]*\n([\s\S]*?)\n>>>end/g)].map(([, id, body]) => ({
    id: id!,
    sentence: /[^\n]*?\.(?=\s|$)/.exec(body!)?.[0] ?? body!,
  }));

/** What it decides, in form. The first look at the evidence is never enough: so there are hops to be seen. */
function decided(call: ModelCall): object | undefined {
  const question = questionIn(call);
  switch (roleOf(call)) {
    case "outliner":
      return { title: "Otto Preminger and his films", sections };
    case "planner":
      return { subQuestions: [{ id: "q1", question, dependsOn: [], source: null }] };
    case "grader": {
      const [first] = shownIn(call);
      const isSecond = userText(call).includes("round 2");
      const missing = { answered: false, evidence: [], answer: null, missing: "more", query: `${question} details` };
      const found = { answered: true, evidence: [first?.id ?? "E1"], answer: "found", missing: null, query: null };
      return { grades: [{ id: "q1", source: null, ...(isSecond ? found : missing) }] };
    }
    default:
      return undefined;
  }
}

/** What it writes: the first sentences of two passages, and one that nothing holds. */
function written(call: ModelCall): string {
  if (roleOf(call) !== "writer") return "I would gladly help with that.";
  const fitting = shownIn(call).filter(({ sentence }) => /Preminger|Greene/.test(sentence));
  const claims = fitting.slice(0, 2).map(({ id, sentence }) => `${sentence} [${id}]`);
  const isFirst = userText(call).includes(sections[0]!.question);
  return [...claims, ...(isFirst ? [`It won four Academy Awards in Vienna. [${fitting[0]!.id}]`] : [])].join(" ");
}

/** A served model that researches as it should, or fails as it is told. */
export async function servedModel(fails: (call: ModelCall) => ModelAnswer | undefined = () => undefined) {
  const mind = testMind({ jsonSchema: "kept", tools: "kept", object: decided, text: written });
  const calls: ModelCall[] = [];
  let failing = false;
  const server: ModelServer = await testModelServer({
    contextTokens: 32_000,
    answer: (call) => {
      calls.push(call);
      return (failing ? fails(call) : undefined) ?? mind(call);
    },
  });
  onTestFinished(() => server.close());
  const model = endpoint({
    kind: "openai-compatible",
    baseURL: server.baseURL,
    model: "test-model",
    maxRetries: 0,
    environment: {},
  });
  const report = await probe(model);
  failing = true;
  calls.length = 0;
  return { server, calls, models: modelSource(model, { probe: report }) };
}
