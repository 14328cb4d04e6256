import {
  fakeReranker,
  fixedRuntime,
  type ScriptedModel,
  scriptedModel,
  testReranker,
  testRetriever,
} from "@clew/core/testing";
import { describe } from "vitest";
import { rrf } from "./fusion/rrf.js";
import { hybrid } from "./hybrid.js";
import { lexical } from "./lexical.js";
import { naive } from "./naive.js";
import { reranked } from "./reranked.js";
import { listwiseReranker } from "./reranking/listwise/listwise-reranker.js";
import { proximityReranker } from "./reranking/proximity/proximity-reranker.js";

describe("naive", () => testRetriever({ make: (view) => naive(view) }));
describe("lexical", () => testRetriever({ make: (view) => lexical(view) }));
describe("hybrid, convex", () => testRetriever({ make: (view) => hybrid(view) }));
describe("hybrid, by rank", () => testRetriever({ make: (view) => hybrid(view, { fusion: rrf() }) }));
describe("reranked", () => testRetriever({ make: (view) => reranked(hybrid(view), { reranker: fakeReranker() }) }));
describe("reranked by proximity", () =>
  testRetriever({ make: (view) => reranked(hybrid(view), { reranker: proximityReranker() }) }));

/** Orders the fenced passages by the words that they share with the question. */
const overlapping = (): ScriptedModel =>
  scriptedModel({
    answers: ({ messages }) => {
      const prompt = messages.map(({ text }) => text).join("\n");
      const words = new Set((prompt.split("Question: ").at(-1) ?? "").toLowerCase().match(/[a-z0-9]+/g));
      const passages = [...prompt.matchAll(/^<<<evidence (E\d+) \S+\n([\s\S]*?)\n>>>end/gm)].map(([, id, text]) => ({
        id,
        shared: new Set(
          (text ?? "")
            .toLowerCase()
            .match(/[a-z0-9]+/g)
            ?.filter((word) => words.has(word)),
        ).size,
      }));
      return JSON.stringify({ order: passages.sort((a, b) => b.shared - a.shared).map(({ id }) => id) });
    },
  });

describe("listwise", () =>
  testReranker({ make: () => listwiseReranker({ model: overlapping(), runtime: fixedRuntime() }), pointwise: false }));
