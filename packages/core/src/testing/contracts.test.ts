import { describe } from "vitest";
import type { Policy } from "../agent/policy.js";
import { ClewError } from "../errors/clew-error.js";
import { defineRetriever } from "../search/define-retriever.js";
import type { Reader } from "../source/reader.js";
import { splitter } from "../text/splitter.js";
import { aSourceText } from "./a-source.js";
import { fakeReranker } from "./fake-reranker.js";
import { hashEmbedder } from "./hash-embedder.js";
import { paragraphSplitter } from "./paragraph-splitter.js";
import { testEmbedder } from "./test-embedder.js";
import { testPolicy } from "./test-policy.js";
import { testReader } from "./test-reader.js";
import { testReranker } from "./test-reranker.js";
import { testRetriever } from "./test-retriever.js";
import { testSplitter } from "./test-splitter.js";

const plainReader: Reader = {
  id: "plain@1",
  mediaTypes: ["text/plain"],
  extensions: [".txt"],
  read: async ({ bytes, name: _, ...source }, { signal } = {}) => {
    signal?.throwIfAborted();
    const text = new TextDecoder().decode(bytes);
    if (text === "") throw new ClewError("unreadable-source", "The file is empty; leave it out.");
    return { text: aSourceText({ ...source, text }), notes: [] };
  },
};

const firstSentences: Policy = {
  id: "first-sentences",
  version: "1",
  route: async ({ question }) => ({ kind: "retrieve", question, why: "always" }),
  plan: async ({ question }) => ({
    subQuestions: [
      { id: "q1", question, dependsOn: [] },
      { id: "q2", question: `${question} Why?`, dependsOn: ["q1"] },
    ],
  }),
  grade: async ({ plan, evidence }, { signal }) => {
    signal?.throwIfAborted();
    return plan.subQuestions.map(({ id }) =>
      evidence.length > 0
        ? { subQuestion: id, kind: "answered", evidence: evidence.slice(0, 1).map((found) => found.id) }
        : { subQuestion: id, kind: "missing", missing: "everything" },
    );
  },
  write: async function* ({ evidence }, { signal }) {
    signal?.throwIfAborted();
    for (const { id, passage } of evidence) {
      yield { type: "sentence", text: passage.text, citations: [{ evidence: id, quote: passage.text }] };
    }
  },
};

for (const leg of ["lexical", "dense"] as const) {
  describe(`a retriever of the ${leg} leg`, () => {
    testRetriever({
      make: (view) =>
        defineRetriever(
          leg,
          (text, { k, filter, signal, call }) =>
            view.read(
              async (snapshot) => {
                const found = await snapshot[leg]({ text }, { k, filter, signal, call });
                return { ...found, generation: snapshot.generation };
              },
              { signal },
            ),
          { scope: view.scope },
        ),
    });
  });
}
describe("fakeReranker", () => testReranker({ make: () => fakeReranker() }));
describe("a slow fakeReranker", () =>
  testReranker({ make: () => fakeReranker({ fault: { kind: "slow", msPerHit: 2 } }) }));
describe("hashEmbedder", () => testEmbedder({ make: () => hashEmbedder() }));
describe("paragraphSplitter", () => testSplitter({ make: () => paragraphSplitter() }));
describe("splitter", () => testSplitter({ make: () => splitter() }));
describe("splitter of small passages", () => testSplitter({ make: () => splitter({ tokens: 12, overlap: 4 }) }));
describe("a plain reader", () =>
  testReader({
    reader: plainReader,
    samples: [
      {
        name: "a.txt",
        bytes: new TextEncoder().encode("e\u0301\r\nx"),
        mediaType: "text/plain",
        contains: ["é", "x"],
        pages: 0,
      },
    ],
    broken: [{ name: "empty.txt", bytes: new Uint8Array() }],
  }));
describe("a policy of first sentences", () => testPolicy({ make: () => firstSentences }));
