import type { ServerResponse } from "node:http";
import { type Arrived, type LocalServer, serve } from "./local-server.js";

/** A bag of words, each hashed to a signed dimension: close where texts share words. Another seed is a re-tuned model. */
export function hashVector(
  text: string,
  { dimensions = 48, seed = 7 }: { dimensions?: number; seed?: number | undefined } = {},
): number[] {
  const vector = Array.from({ length: dimensions }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let hash = seed;
    for (const character of word) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193) >>> 0;
    vector[hash % dimensions]! += (hash >>> 16) % 2 === 0 ? 1 : -1;
  }
  return vector.some((value) => value !== 0) ? vector : vector.map((_, index) => (index === 0 ? 1 : 0));
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\w+/g) ?? [];
const relevance = (query: string, text: string): number => {
  const wanted = new Set(wordsOf(query));
  return wordsOf(text).filter((word) => wanted.has(word)).length / (wordsOf(text).length + 1);
};

/** Answers as text-embeddings-inference does, an endpoint of Hugging Face, vLLM, or a container behind SageMaker. */
export function answerTask({ path, body }: Arrived, response: ServerResponse, seed?: number): void {
  const say = (value: unknown): void => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(value));
  };
  if (path === "/info") {
    say({ model_id: "tuned/embedder", model_sha: "0123456789abcdef", max_input_length: 64, max_client_batch_size: 4 });
  } else if (Array.isArray(body.inputs)) {
    say(body.inputs.map((text: string) => hashVector(text, { seed })));
  } else if (Array.isArray(body.input)) {
    // a server may answer in any order
    const data = body.input.map((text: string, index: number) => ({ index, embedding: hashVector(text, { seed }) }));
    say({ object: "list", data: data.reverse(), model: body.model, usage: { prompt_tokens: 5, total_tokens: 5 } });
  } else if (Array.isArray(body.texts)) {
    say(
      body.texts
        .map((text: string, index: number) => ({ index, score: relevance(body.query, text) }))
        .sort((a: { score: number }, b: { score: number }) => b.score - a.score),
    );
  } else {
    const results = body.documents.map((text: string, index: number) => ({
      index,
      relevance_score: relevance(body.query, text),
    }));
    say({ model: body.model, usage: { total_tokens: 9 }, results: results.reverse() });
  }
}

/** A server of every such kind. */
export const taskServer = (): Promise<LocalServer> => serve((arrived, response) => answerTask(arrived, response));
