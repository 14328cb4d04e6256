import {
  fakeReranker,
  fixedRuntime,
  type ScriptedModel,
  scriptedModel,
  testReranker,
  testRetriever,
} from "@clew/core/testing";
import { describe } from "vitest";
import { cached } from "./cached/cached.js";
import { diverse } from "./diverse/diverse.js";
import { expanded } from "./expanded/expanded.js";
import { multiQuery } from "./expanded/multi-query.js";
import { rrf } from "./fusion/rrf.js";
import { hybrid } from "./hybrid.js";
import { lexical } from "./lexical.js";
import { linked } from "./linked/linked.js";
import { naive } from "./naive.js";
import { reranked } from "./reranked.js";
import { listwiseReranker } from "./reranking/listwise/listwise-reranker.js";
import { proximityReranker } from "./reranking/proximity/proximity-reranker.js";
import { routed } from "./routed/routed.js";
import { widened } from "./widened/widened.js";

describe("naive", () => testRetriever({ make: (view) => naive(view) }));
describe("lexical", () => testRetriever({ make: (view) => lexical(view) }));
describe("hybrid, convex", () => testRetriever({ make: (view) => hybrid(view) }));
describe("hybrid, by rank", () => testRetriever({ make: (view) => hybrid(view, { fusion: rrf() }) }));
describe("linked", () => testRetriever({ make: (view) => linked(view) }));
describe("linked, blended", () => testRetriever({ make: (view) => linked(view, { blend: 0.25 }) }));
describe("reranked", () => testRetriever({ make: (view) => reranked(hybrid(view), { reranker: fakeReranker() }) }));
describe("expanded, feedback", () => testRetriever({ make: (view) => expanded(hybrid(view)) }));
describe("expanded, by a model", () =>
  testRetriever({
    make: (view) => {
      const model = scriptedModel({ answers: () => '{"queries": ["founding year of the university in Leiden"]}' });
      return expanded(lexical(view), { by: multiQuery({ model, runtime: fixedRuntime() }) });
    },
  }));
describe("diverse", () => testRetriever({ make: (view) => diverse(hybrid(view), { view }) }));
describe.each(["neighbours", "section", "page"] as const)("widened, %s", (unit) =>
  testRetriever({ make: (view) => widened(hybrid(view), { view, unit }) }),
);
describe("cached", () => testRetriever({ make: (view) => cached(hybrid(view), { view }) }));
describe("routed", () =>
  testRetriever({ make: (view) => routed({ routes: { code: lexical(view), default: hybrid(view) } }) }));
describe("all of them, one over the other", () =>
  testRetriever({
    make: (view) => {
      const found = reranked(expanded(hybrid(view)), { reranker: fakeReranker() });
      const wide = widened(diverse(found, { view }), { view });
      return cached(routed({ routes: { default: wide } }), { view });
    },
  }));
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
