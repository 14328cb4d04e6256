import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { type Budget, type BudgetLimit, checkBudget } from "./budget.js";
import { memoryJournal } from "./memory-journal.js";
import { meter, type Reservation } from "./meter.js";
import { note } from "./note.js";
import { systemRuntime } from "./runtime.js";
import { addUsage, noUsage } from "./usage.js";

describe("addUsage", () => {
  it("adds up every field; nothing added is nothing", () => {
    const one = { inputTokens: 1, outputTokens: 2, calls: 3, usd: 0.5 };
    expect(addUsage(one, one)).toEqual({ inputTokens: 2, outputTokens: 4, calls: 6, usd: 1 });
    expect(addUsage()).toEqual(noUsage);
  });
});

describe("note", () => {
  it("has a detail only when one is given", () => {
    expect(note("cut", "Cut.")).toEqual({ code: "cut", message: "Cut." });
    expect("detail" in note("cut", "Cut.")).toBe(false);
    expect(note("x-mine", "Mine.", { a: 1 }).detail).toEqual({ a: 1 });
  });
});

describe("checkBudget", () => {
  it("takes 0, and refuses what is no amount", () => {
    expect(checkBudget({ tokens: 0, usd: 0.5 })).toEqual({ tokens: 0, usd: 0.5 });
    expect(() => checkBudget({ usd: Number.NaN })).toThrow(/budget\.usd/);
    expect(() => checkBudget({ hops: -1 })).toThrow(/budget\.hops/);
  });
});

describe("systemRuntime", () => {
  it("gives a time, fresh ids, and numbers in [0, 1)", () => {
    expect(systemRuntime.now()).toBeGreaterThan(1.6e12);
    expect(systemRuntime.id()).not.toBe(systemRuntime.id());
    const random = systemRuntime.random();
    expect(random >= 0 && random < 1).toBe(true);
  });
});

describe("meter", () => {
  it("sets aside, settles once, releases, and says what is left", () => {
    const runtime = fixedRuntime();
    const made = meter({ budget: { tokens: 100, usd: 1, calls: 3, hops: 1, ms: 1000 }, runtime });
    const first = made.reserve({ inputTokens: 60, calls: 1 }) as Reservation;
    expect(made.remaining("tokens")).toBe(40);
    expect(made.usage).toEqual(noUsage);
    expect(made.reserve({ outputTokens: 41 })).toEqual({ refused: ["tokens"] });
    first.settle({ inputTokens: 10, outputTokens: 5, calls: 1, usd: 0.25 });
    first.settle({ inputTokens: 999 });
    first.release();
    expect(made.usage).toEqual({ inputTokens: 10, outputTokens: 5, calls: 1, usd: 0.25 });
    const second = made.reserve({ inputTokens: 85 }) as Reservation;
    expect(made.reached()).toEqual(["tokens"]);
    second.release();
    second.settle({ inputTokens: 85 });
    expect([made.remaining("tokens"), made.remaining("usd"), made.remaining("calls")]).toEqual([85, 0.75, 2]);
    made.hop();
    expect(made.reached()).toEqual(["hops"]);
    runtime.advance(1000);
    expect(made.reached()).toEqual(["ms", "hops"]);
    expect(made.reserve({})).toEqual({ refused: ["ms"] });
  });

  it("a limit of 0 refuses everything, an absent one nothing", () => {
    const runtime = fixedRuntime();
    const none = meter({ budget: { tokens: 0 }, runtime });
    expect(none.reserve({ inputTokens: 1 })).toEqual({ refused: ["tokens"] });
    expect(none.reached()).toEqual(["tokens"]);
    const free = meter({ budget: {}, runtime });
    expect("refused" in free.reserve({ inputTokens: 1e9, usd: 1e9 })).toBe(false);
    expect([free.remaining("usd"), free.reached()]).toEqual([Number.POSITIVE_INFINITY, []]);
  });

  it("survives its process as plain JSON, time included", () => {
    const runtime = fixedRuntime();
    const before = meter({ budget: { ms: 1000, tokens: 10 }, runtime });
    before.charge({ inputTokens: 4, usd: 0.1 });
    before.hop();
    runtime.advance(400);
    const state = JSON.parse(JSON.stringify(before)) as ReturnType<typeof before.toJSON>;
    expect(state).toEqual({ usage: { inputTokens: 4, outputTokens: 0, calls: 0, usd: 0.1 }, hops: 1, ms: 400 });
    const later = fixedRuntime({ now: 5_000_000_000_000 });
    const after = meter({ budget: { ms: 1000, tokens: 10 }, runtime: later, state });
    later.advance(100);
    expect([after.elapsedMs, after.hops, after.remaining("tokens"), after.remaining("ms")]).toEqual([500, 1, 6, 500]);
  });

  it("never lets reservations pass a limit, in whatever order they settle (property)", () => {
    const step = fc.record({
      inputTokens: fc.nat(40),
      outputTokens: fc.nat(40),
      calls: fc.nat(2),
      usd: fc.integer({ min: 0, max: 8 }).map((eighths) => eighths / 8),
      fate: fc.constantFrom("settle", "less", "release", "open"),
    });
    const budgets = fc.record({ tokens: fc.nat(200), usd: fc.nat(4), calls: fc.nat(6) }, { requiredKeys: [] });
    fc.assert(
      fc.property(budgets, fc.array(step), (budget: Budget, steps) => {
        const made = meter({ budget, runtime: fixedRuntime() });
        const open: { reservation: Reservation; step: (typeof steps)[number] }[] = [];
        const limits = Object.keys(budget) as BudgetLimit[];
        for (const wanted of steps) {
          const { fate, ...worst } = wanted;
          const reservation = made.reserve(worst);
          if ("refused" in reservation) {
            for (const limit of reservation.refused) expect(limits).toContain(limit);
            continue;
          }
          if (fate === "open") open.push({ reservation, step: wanted });
          else if (fate === "release") reservation.release();
          else reservation.settle(fate === "less" ? { inputTokens: worst.inputTokens } : worst);
          const { inputTokens, outputTokens, usd, calls } = made.usage;
          expect(inputTokens + outputTokens).toBeLessThanOrEqual(budget.tokens ?? Number.POSITIVE_INFINITY);
          expect(usd).toBeLessThanOrEqual(budget.usd ?? Number.POSITIVE_INFINITY);
          expect(calls).toBeLessThanOrEqual(budget.calls ?? Number.POSITIVE_INFINITY);
          for (const limit of limits) expect(made.remaining(limit)).toBeGreaterThanOrEqual(0);
        }
        for (const { reservation, step: worst } of open.reverse()) reservation.settle(worst);
        const { inputTokens, outputTokens } = made.usage;
        expect(inputTokens + outputTokens).toBeLessThanOrEqual(budget.tokens ?? Number.POSITIVE_INFINITY);
      }),
    );
  });
});

describe("memoryJournal", () => {
  const site = { node: "plan", branch: "q1", ordinal: 0 };
  const open = (entries?: ReturnType<ReturnType<typeof memoryJournal>["entries"]>) =>
    memoryJournal({ run: "run-1", runtime: fixedRuntime({ tick: 1 }), entries });

  it("numbers what it records", async () => {
    const journal = open();
    await journal.record("route", { kind: "retrieve" });
    await journal.record("note", null);
    expect(journal.entries().map(({ seq, kind, call }) => [seq, kind, call])).toEqual([
      [0, "route", undefined],
      [1, "note", undefined],
    ]);
    const [first, second] = journal.entries();
    expect(second!.at).toBeGreaterThan(first!.at);
  });

  it("runs a call once, in this process and the next", async () => {
    const journal = open();
    let runs = 0;
    const work = async (): Promise<number> => ++runs;
    expect(await journal.once(site, "model", work)).toBe(1);
    expect(await journal.once(site, "model", work)).toBe(1);
    const resumed = open(JSON.parse(JSON.stringify(journal.entries())) as ReturnType<typeof journal.entries>);
    expect(await resumed.once(site, "model", work)).toBe(1);
    expect(runs).toBe(1);
    expect(await resumed.once({ ...site, ordinal: 1 }, "model", work)).toBe(2);
    expect(await resumed.once(site, "query", work)).toBe(3);
  });

  it("runs a call once when it is asked twice at the same time", async () => {
    const journal = open();
    let runs = 0;
    const work = async (): Promise<number> => {
      await Promise.resolve();
      return ++runs;
    };
    expect(await Promise.all([journal.once(site, "model", work), journal.once(site, "model", work)])).toEqual([1, 1]);
    expect(journal.entries()).toHaveLength(1);
  });

  it("does not keep a failure", async () => {
    const journal = open();
    await expect(journal.once(site, "model", () => Promise.reject(new Error("429")))).rejects.toThrow("429");
    expect(journal.entries()).toMatchObject([
      { kind: "model-failed", call: "run-1/plan/q1/0", data: { message: "429" } },
    ]);
    expect(await journal.once(site, "model", async () => "fine")).toBe("fine");
  });

  it("tells every two sites apart (property)", async () => {
    const part = fc.string({ maxLength: 4 });
    const sites = fc.record({ node: part, branch: part, ordinal: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(sites, { selector: (each) => JSON.stringify([each.node, each.branch, each.ordinal]) }),
        async (all) => {
          const journal = open();
          for (const [index, each] of all.entries())
            expect(await journal.once(each, "model", async () => index)).toBe(index);
        },
      ),
    );
  });

  it("keeps an output of null and of false", async () => {
    const journal = open();
    for (const [ordinal, output] of [null, false, 0, ""].entries()) {
      expect(await journal.once({ ...site, ordinal }, "model", async () => output)).toBe(output);
      expect(await journal.once({ ...site, ordinal }, "model", async () => "again")).toBe(output);
    }
  });
});
