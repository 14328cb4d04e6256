import type { Budget, BudgetLimit } from "@clew/core";
import { openTrace } from "@clew/core";
import { fixedRuntime } from "@clew/core/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { myths } from "../test/myths.js";
import { question } from "../test/persisted-research.mjs";
import { expectWhole, researchModel } from "../test/research-helpers.js";
import { createResearcher } from "./create-researcher.js";
import type { Report } from "./report.js";

const limit = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined });
const budgets: fc.Arbitrary<Budget> = fc.record({
  tokens: limit(12_000),
  calls: limit(20),
  hops: limit(12),
  ms: limit(4_000),
  usd: fc.option(fc.double({ min: 0, max: 0.02, noNaN: true }), { nil: undefined }),
});

/** Dollars a million tokens. */
const price = { inputPerMillion: 1, outputPerMillion: 2 };

async function researched(budget: Budget, parallel: number): Promise<{ report: Report; searches: number }> {
  const runtime = fixedRuntime();
  let searches = 0;
  const retriever = myths({
    before: () => {
      searches += 1;
      runtime.advance(20);
    },
  });
  const models = researchModel(() => {
    runtime.advance(100);
    return undefined;
  });
  const options = { retriever, models, budget, parallel, runtime, prices: { scripted: price } };
  return { report: await createResearcher(options).research(question), searches };
}

const spentOf = ({ usage }: Pick<Report, "usage">): Record<Exclude<BudgetLimit, "ms" | "hops">, number> => ({
  tokens: usage.inputTokens + usage.outputTokens,
  usd: usage.usd,
  calls: usage.calls,
});

it("no section spends more than its share, nor all together more than there is, whatever the budget", async () => {
  await fc.assert(
    fc.asyncProperty(budgets, fc.integer({ min: 1, max: 3 }), async (budget, parallel) => {
      const { report } = await researched(budget, parallel);
      expectWhole(report);
      const entries = openTrace(report.trace);
      const shares = entries.flatMap(({ kind, data }) =>
        kind === "share" ? [data as unknown as { section: string; budget: Budget & { hops: number } }] : [],
      );
      expect(shares.map(({ section }) => section)).toEqual(report.sections.map(({ id }) => id));
      for (const { section, budget: share } of shares) {
        const written = report.sections.find(({ id }) => id === section)!;
        const spent = spentOf(written);
        for (const one of ["tokens", "usd", "calls"] as const) {
          expect(spent[one]).toBeLessThanOrEqual(share[one] ?? Number.POSITIVE_INFINITY);
        }
      }
      const hops = entries.flatMap(({ kind, data }) =>
        kind === "section" ? [(data as unknown as { hops: number }).hops] : [],
      );
      for (const [at, { budget: share }] of shares.entries()) expect(hops[at]).toBeLessThanOrEqual(share.hops);
      const looked = entries.some(({ kind }) => kind === "query") ? 1 : 0;
      const rounds = hops.reduce((sum, one) => sum + one, looked);
      if (budget.hops !== undefined) expect(rounds).toBeLessThanOrEqual(budget.hops);
      const all = spentOf(report);
      for (const one of ["tokens", "calls"] as const) {
        if (budget[one] !== undefined) expect(all[one]).toBeLessThanOrEqual(budget[one]);
      }
      if (budget.usd !== undefined) expect(all.usd).toBeLessThanOrEqual(budget.usd + 1e-9);
    }),
    { numRuns: 40 },
  );
}, 300_000);

it("rounds of retrieval are counted over all sections, the outline's one among them", async () => {
  const { report, searches } = await researched({ hops: 3 }, 2);
  expect(searches).toBeLessThanOrEqual(3);
  expect(report.status).toBe("partial");
  expect(report.notes.map(({ code }) => code)).toContain("budget-reached");
  expect(report.markdown).toContain("*This section's share of the budget ended before anything was found");
});

it("a budget of nothing at all ends in a report that says so, not in an exception", async () => {
  const { report, searches } = await researched({ hops: 0, tokens: 0, calls: 0, ms: 0, usd: 0 }, 3);
  expect([report.status, report.usage.calls, searches]).toEqual(["abstained", 0, 0]);
  expectWhole(report);
});

it("what a section leaves over goes to those that have not begun", async () => {
  const { report } = await researched({ tokens: 12_000 }, 1);
  const tokens = openTrace(report.trace).flatMap(({ kind, data }) =>
    kind === "share" ? [(data as unknown as { budget: { tokens: number } }).budget.tokens] : [],
  );
  const spent = report.sections.map((section) => spentOf(section).tokens);
  const left = 12_000 - (spentOf(report).tokens - spent.reduce((sum, one) => sum + one, 0));
  // by hand: a third of what the outline left, then half and all of what is left by then
  expect(tokens).toEqual([Math.ceil(left / 3), Math.ceil((left - spent[0]!) / 2), left - spent[0]! - spent[1]!]);
});
