import { scope } from "@clew/core";
import { aHit, faultyRetriever } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { routed } from "./routed.js";

const acme = scope("acme");
const only = (id: string) => faultyRetriever({ hits: [aHit({ id })], scope: acme });
const routes = { code: only("code"), "multi-hop": only("multi-hop"), default: only("default") };

describe("routed", () => {
  it("hands a query to the route of its kind, and says so", async () => {
    const retriever = routed({ routes });
    for (const [query, kind, route] of [
      ["INV-2023-0042", "code", "code"],
      ["Which is older, Leiden or Ghent?", "multi-hop", "multi-hop"],
      ["Who built the labyrinth?", "question", "default"],
    ]) {
      const { hits } = await retriever.search(query!);
      expect(hits).toMatchObject([
        {
          passage: { id: route },
          explain: { kind: "other", name: "routed", detail: { kind, route }, before: { name: "test" } },
        },
      ]);
    }
  });

  it("takes another chooser, also one that has to wait", async () => {
    const asked: unknown[] = [];
    const retriever = routed({
      routes: { ...routes, archive: only("archive") },
      choose: async (query, { signal }) => {
        asked.push([query, signal]);
        return "archive";
      },
    });
    const { signal } = new AbortController();
    expect((await retriever.search("x", { signal })).hits[0]!.passage.id).toBe("archive");
    expect(asked).toEqual([["x", expect.any(AbortSignal)]]);
  });

  it("leaves a chooser that never answers", async () => {
    const gone = new Error("the caller has gone");
    const retriever = routed({ routes, choose: () => new Promise<string>(() => undefined) });
    const controller = new AbortController();
    const asked = retriever.search("x", { signal: controller.signal });
    controller.abort(gone);
    await expect(asked).rejects.toBe(gone);
  });

  it("refuses what leads nowhere", async () => {
    const nowhere = routed({ routes, choose: () => "nowhere" });
    await expect(nowhere.search("x")).rejects.toThrow(
      /"nowhere", which is no route: give one of code, multi-hop, default/,
    );
    await expect(routed({ routes, choose: () => "__proto__" }).search("x")).rejects.toMatchObject({
      code: "invalid-option",
    });
    expect(() => routed({ routes: { code: only("code") } as never })).toThrow(/one of them named default/);
    expect(() => routed({ routes: { ...routes, codes: only("code") } })).toThrow(
      /"routes.codes" must be one of default/,
    );
    expect(() => routed({ routes: { ...routes, code: faultyRetriever() } })).toThrow(/same scope/);
    expect(() => routed({ routes: { default: "lexical" as never } })).toThrow(/a retriever/);
  });
});
