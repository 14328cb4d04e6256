import { type Answer, addUsage, type Budget, type BudgetLimit, type MeterState, note, noUsage } from "@clew/core";
import { Send } from "@langchain/langgraph";
import { sealRun } from "../graph/seal-run.js";
import { outboundNote, sumOfOutbound } from "../outbound/outbound-note.js";
import { assemble } from "./assemble.js";
import { announce, liveOf, writtenOf } from "./live.js";
import type { ResearchNode } from "./outline-node.js";
import type { Report } from "./report.js";
import { reportMarkdown } from "./report-markdown.js";
import { openResearch, type ResearchParts } from "./research-run.js";
import type { ResearchState } from "./research-state.js";
import type { SectionTask } from "./section-node.js";
import { shareOut } from "./share-out.js";

/** Rounds of retrieval of a section whose research has no limit of them. */
export const defaultHops = 3;

/** Takes in what the last round of sections spent, and shares what is left out among those of the next. */
export const shareNode =
  (parts: ResearchParts): ResearchNode =>
  async (state, config) => {
    const settled = { ...state, spent: withRound(state) };
    const run = openResearch(parts, settled, config);
    const { sections } = state.outlined!;
    const live = liveOf(config);
    if (live !== undefined) {
      for (const [id, result] of Object.entries(state.results)) live.results.set(id, result);
      live.usage.clear();
      live.announced = Math.max(live.announced, state.announced);
    }
    const resultOf = (id: string) => state.results[id];
    const said = announce(state.outlined!, resultOf, Math.max(state.announced, live?.announced ?? 0), run.emit);
    if (live !== undefined) live.announced = said;
    const open = sections.filter(({ id }) => state.shares[id] === undefined);
    const starting = open.slice(0, parts.parallel);
    const { budget } = run.meter;
    const left: Budget = Object.fromEntries(
      (Object.keys(budget) as BudgetLimit[]).map((limit) => [limit, run.meter.remaining(limit)]),
    );
    const shares = shareOut({
      left,
      open: open.length,
      starting: starting.length,
      rounds: Math.ceil(open.length / parts.parallel),
    });
    const given = Object.fromEntries(
      starting.map(({ id }, index): [string, Budget] => [id, { hops: defaultHops, ...shares[index] }]),
    );
    for (const [section, budget] of Object.entries(given)) await run.record("share", { section, budget });
    return run.close({
      shares: { ...state.shares, ...given },
      working: starting.map(({ id }) => id),
      announced: said,
    });
  };

/** What was spent once a round has ended: sections side by side take as long as the longest. */
function withRound({ spent, working, results }: ResearchState): MeterState {
  const { usage, hops, ms } = spent ?? { usage: noUsage, hops: 0, ms: 0 };
  const ended = working.flatMap((id) => results[id] ?? []);
  return {
    usage: addUsage(usage, ...ended.map(({ answer }) => answer.usage)),
    hops: ended.reduce((sum, one) => sum + one.hops, hops),
    ms: ms + Math.max(0, ...ended.map((one) => one.ms)),
  };
}

/** Sends the sections that were given a share, side by side; none is left: the report is put together. */
export function sendSections(state: ResearchState): Send[] | "compose" {
  const { run, outlined, shares, working, options, spent } = state;
  if (working.length === 0) return "compose";
  const { budget: _, ...rest } = options ?? {};
  return working.map((id) => {
    const task: SectionTask = {
      run,
      section: outlined!.sections.find((section) => section.id === id)!,
      outline: outlined!,
      share: { ...shares[id], hops: shares[id]?.hops ?? defaultHops },
      options: rest,
      before: spent?.usage ?? noUsage,
    };
    return new Send("section", task);
  });
}

/** Puts the sections under one ledger and one numbering, and writes the report. */
export const composeNode =
  (parts: ResearchParts): ResearchNode =>
  async (state, config) => {
    const run = openResearch(parts, state, config);
    const outline = state.outlined!;
    const written = writtenOf(outline, (id) => state.results[id]);
    const { sections, evidence, references } = assemble(written);
    const abstained = sections.filter(({ status }) => status === "abstained");
    if (abstained.length > 0) {
      const which = abstained.map(({ heading }) => `"${heading}"`).join(", ");
      await run.note(note("not-covered", `Nothing is said in ${which}.`, { sections: abstained.map(({ id }) => id) }));
    }
    const cut = sections.filter(({ notes }) => notes.some(({ code }) => code === "budget-reached"));
    if (cut.length > 0) {
      const which = cut.map(({ heading }) => `"${heading}"`).join(", ");
      const message = `The share of the budget ended before everything was found: ${which}.`;
      await run.note(note("budget-reached", message, { sections: cut.map(({ id }) => id) }));
    }
    const unsupported = sections
      .flatMap(({ status, sentences }) => (status === "abstained" ? [] : sentences))
      .filter(({ verdict }) => verdict === "unsupported").length;
    if (unsupported > 0) {
      const many = unsupported === 1 ? "One sentence is" : `${unsupported} sentences are`;
      await run.note(
        note("unsupported", `${many} not supported by the sources, and marked.`, { sentences: unsupported }),
      );
    }
    const status: Answer["status"] =
      abstained.length === sections.length
        ? "abstained"
        : sections.every((section) => section.status === "answered")
          ? "answered"
          : "partial";
    const own = outboundNote(run.journal.entries());
    const sent = sumOfOutbound([...(own === undefined ? [] : [own]), ...sections.flatMap(({ notes }) => notes)]);
    if (sent !== undefined) await run.note(sent);
    // what the sections read: whose texts the report may repeat
    const hits = evidence.map(({ id, passage, score }) => ({
      evidence: id,
      passage: passage.id,
      source: passage.source,
      score,
    }));
    await run.record("hits", { hits });
    for (const { id, status } of sections) {
      const { answer, hops, ms } = state.results[id]!;
      await run.record("section", { section: id, status, hops, ms, usage: answer.usage, ...rootIn(answer) });
    }
    for (const { sentences } of sections) for (const sentence of sentences) await run.record("verdict", sentence);
    const spent = run.meter.usage;
    await run.record("report", { status, title: outline.title, usage: spent });
    const closed = run.close({});
    const ledger = { list: () => evidence };
    const { trace } = await sealRun(parts.agent, state, { journal: run.journal, ledger }, config);
    const report: Report = {
      id: state.run,
      question: state.question,
      title: outline.title,
      status,
      sections,
      references,
      evidence,
      markdown: reportMarkdown({ title: outline.title, sections, references }),
      notes: closed.notes as Report["notes"],
      usage: run.meter.usage,
      trace,
    };
    return { ...closed, report };
  };

/** Root of a section's own trace; a section that failed recorded nothing to its end. */
function rootIn({ trace: { lines } }: Answer): { readonly root?: string } {
  const root = lines.length > 1 ? lines.at(-1)?.hash : undefined;
  return root === undefined ? {} : { root };
}

/** Hands the report over; what the research needed on its way is let go. */
export const finishResearchNode = (): ResearchNode => async (state, config) => {
  config.writer?.({ type: "done", report: state.report });
  return { options: {}, results: null, trace: [], working: [] };
};
