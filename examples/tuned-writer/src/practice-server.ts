// A server that speaks vLLM's protocol, with something simple in the place of weights: it lets the starter run without a key.
import { type ModelCall, type ModelServer, testMind, testModelServer } from "@clew/endpoints/testing";

/** Serves `base-model`, and `quote-writer`, an adapter on it that answers with one sentence in `<quote id="…">` tags. */
export const practiceServer = (): Promise<ModelServer> =>
  testModelServer({
    protocol: "vllm",
    model: "base-model",
    adapters: ["quote-writer"],
    answer: testMind({ jsonSchema: "kept", object: decide, text: write }),
  });

const said = ({ messages }: ModelCall): string => messages.map(({ content }) => content).join("\n");
const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];

/** The base: it looks everything up, as one question, and is content with what is found. */
function decide(call: ModelCall): object | undefined {
  const text = said(call);
  const question = /\bQuestion:\n([^\n]+)/.exec(text)?.[1] ?? "?";
  if (text.includes("You decide")) return { kind: "retrieve", question, text: null, why: "it asks for facts" };
  if (text.includes("You plan")) return { subQuestions: [{ id: "q1", question, dependsOn: [] }] };
  if (!text.includes("You check")) return undefined;
  return { grades: [{ id: "q1", answered: true, evidence: ["E1"], answer: null, missing: null, query: null }] };
}

/** The adapter: the sentence that shares most words with the question, copied. */
function write(call: ModelCall): string {
  const text = said(call);
  const asked = new Set(words(/Question: (.+)$/.exec(text)?.[1] ?? ""));
  const lines = [...text.matchAll(/^\[(E\d+)\] (.+)$/gm)];
  const sentences = lines.flatMap(([, id, line]) =>
    line!
      .split(/(?<=[.!?]) /)
      .map((sentence) => ({ id, sentence: sentence.replace(/^.*?: (?:#+ \S+ )?(?=[A-Z])/, "") })),
  );
  const worth = (sentence: string): number => new Set(words(sentence).filter((word) => asked.has(word))).size;
  const [best] = sentences.sort((a, b) => worth(b.sentence) - worth(a.sentence));
  if (best === undefined || call.model === "base-model") return "The base model has learned no form.";
  return `<quote id="${best.id}">${best.sentence}</quote>`;
}
