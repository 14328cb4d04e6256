import { createRetrievalAgent, llmPolicy } from "@clew/agents";
import { ClewError, type IndexView } from "@clew/core";
import { endpoint } from "@clew/endpoints";
import { hybrid } from "@clew/retrievers";
import { z } from "zod";
import { checkAnswer } from "./check-answer.js";

/** Options of {@link askWithSchema}. */
export interface AskWithSchemaOptions {
  readonly view: IndexView;
  readonly texts: ReadonlyMap<string, string>;
  readonly url: string;
  readonly model: string;
}

/** What a weak model filled in. */
export interface AskedWithSchema {
  readonly status: string;
  /** Each leaf by its pointer, with its verdict. */
  readonly values: Readonly<Record<string, readonly [value: unknown, verdict: string]>>;
  readonly wrong: readonly string[];
}

const question = "What kind of dinosaur does Raymond Ochoa voice in the Pixar film The Good Dinosaur?";
const schema = z.object({
  film: z.string().describe("title of the film"),
  dinosaur: z.string().describe("kind of dinosaur"),
  year: z.number().int().describe("year in which the film came out"),
});

/** Asks for an object: every leaf that is not null must be held by quotes that stand in their source. */
export async function askWithSchema({ view, texts, url, model }: AskWithSchemaOptions): Promise<AskedWithSchema> {
  const chat = endpoint({
    ...{ kind: "openai-compatible", model, baseURL: url, environment: {}, temperature: 0, timeoutMs: 300_000 },
    capabilities: { jsonSchema: true, tools: false },
  });
  const agent = createRetrievalAgent({
    retriever: hybrid(view),
    policy: llmPolicy({ maxTokens: 256 }),
    models: chat,
    budget: { hops: 1 },
    k: 4,
  });
  try {
    const answer = await agent.ask(question, { schema });
    const wrong = checkAnswer(answer, texts);
    for (const [pointer, { value, verdict, citations }] of Object.entries(answer.fields)) {
      if (value !== null && verdict !== "supported" && verdict !== "conflicting") {
        wrong.push(`${pointer} is ${JSON.stringify(value)}, and ${verdict}.`);
      }
      if (value !== null && citations.length === 0) wrong.push(`${pointer} is ${JSON.stringify(value)} by no quote.`);
    }
    const values = Object.fromEntries(
      Object.entries(answer.fields).map(([pointer, { value, verdict }]) => [pointer, [value, verdict] as const]),
    );
    return { status: answer.status, values, wrong };
  } catch (error) {
    // the schema may refuse what was found: that is said, with a code
    if (ClewError.isInstance(error) && error.code === "invalid-output") {
      return { status: error.code, values: {}, wrong: [] };
    }
    return { status: "threw", values: {}, wrong: [`It threw: ${(error as Error).stack}`] };
  }
}
