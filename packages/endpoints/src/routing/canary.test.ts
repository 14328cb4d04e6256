import { servedBy } from "@clew/core";
import { aCall } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { FaultyModel } from "../test/faulty-model.js";
import { canary } from "./canary.js";

const base = new FaultyModel("base");
const candidate = new FaultyModel("candidate");

describe("canary", () => {
  it("serves its share of the runs, the same way each time, and records it", async () => {
    const route = canary({ base, candidate, share: 0.05 });
    let on = 0;
    for (let run = 0; run < 2000; run++) {
      const call = aCall({ run: `run-${run}`, role: "writer" });
      const [first, again] = [await route(call), await route({ ...call, role: "planner" })];
      expect(again.served).toBe(first.served);
      if (first.served === "candidate") {
        on++;
        expect(first.notes).toMatchObject([{ code: "x-canary", detail: { share: 0.05, served: "candidate" } }]);
      } else expect(first.notes).toEqual([]);
      expect(call.journal.entries()).toMatchObject([
        { kind: "canary", data: { way: first.served === "candidate" ? "candidate" : "base" } },
      ]);
    }
    // 2000 draws at 5 %: 100 expected, standard deviation 9.7
    expect(Math.abs(on - 100)).toBeLessThan(40);
  });

  it("draws other runs under another name, and one draw outside of runs", async () => {
    const ways = async (name: string): Promise<boolean[]> => {
      const route = canary({ base, candidate, share: 0.5, name });
      return Promise.all(
        Array.from({ length: 64 }, async (_, run) => (await route(aCall({ run: `r${run}` }))).served === "candidate"),
      );
    };
    expect(await ways("a")).toEqual(await ways("a"));
    expect(await ways("a")).not.toEqual(await ways("b"));
    const route = canary({ base, candidate, share: 0.5 });
    const call = aCall();
    const seen = new Set<string>();
    for (let turn = 0; turn < 8; turn++) seen.add((await route(call)).served);
    expect(seen.size).toBe(1);
  });

  it("takes shares of 0 and 1 at their word", async () => {
    for (const [share, expected] of [
      [0, "base"],
      [1, "candidate"],
    ] as const) {
      expect((await canary({ base, candidate, share })(aCall({ run: "r" }))).served).toBe(expected);
    }
  });

  it("falls back to the base", async () => {
    const route = canary({ base, candidate: new FaultyModel("candidate", () => "missing"), share: 1 });
    const message = await (await route(aCall({ run: "r" }))).model.invoke("q");
    expect(servedBy(message)).toMatchObject({ served: "base", requests: 2, notes: [{ code: "fell-back" }] });
  });

  it.each([{ share: 1.5 }, { share: Number.NaN }, { name: "" }, { timeoutMs: 0 }])("refuses %j", (options) => {
    expect(() => canary({ base, candidate, ...options })).toThrowError(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });
});
