import { type Hit, note, scopeKey, startDeadline } from "@clew/core";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { failedSearch } from "../graph/failed-search.js";
import { settled } from "../graph/run-deadline.js";
import { searchOnce } from "../graph/search-once.js";
import { describeSources } from "../graph/sources.js";
import { extractiveOutline } from "./extractive-outline.js";
import { liveOf } from "./live.js";
import { modelOutline } from "./model-outline.js";
import { openResearch, type ResearchParts, type ResearchRun } from "./research-run.js";
import { freshResearch, type ResearchState, type ResearchUpdate } from "./research-state.js";

/** A node of the research graph. */
export type ResearchNode = (state: ResearchState, config: LangGraphRunnableConfig) => Promise<ResearchUpdate>;

/** Share of each limit that the outline may take; what it leaves is the sections'. */
export const outlineShare = 0.25;
/** Hits of the first search: it is looked at for what there is, not read. */
const firstHits = 30;

/** Clears what an earlier question of the thread left, and gives the research its identity. */
export const beginResearchNode =
  ({ agent: { scope, runtime } }: ResearchParts): ResearchNode =>
  async (state) => ({ ...freshResearch, owner: scopeKey(scope), run: runtime.id(), options: state.options ?? {} });

/** Looks once at what there is, and decides what the report is to say. */
export const outlineNode =
  (parts: ResearchParts): ResearchNode =>
  async (state, config) => {
    const { agent, sections: max } = parts;
    const run = openResearch(parts, state, config);
    const { meter } = run;
    await run.record("run", { question: state.question, budget: meter.budget, policy: policyOf(agent) });
    const { tokens, usd, calls, ms } = meter.budget;
    // set aside for the sections; the reservation ends with this node's meter
    meter.reserve({
      ...(tokens === undefined ? {} : { inputTokens: Math.floor(tokens * (1 - outlineShare)) }),
      ...(usd === undefined ? {} : { usd: usd * (1 - outlineShare) }),
      ...(calls === undefined ? {} : { calls: Math.max(0, calls - Math.max(1, Math.floor(calls * outlineShare))) }),
    });
    const deadline = startDeadline({
      ms: ms === undefined ? Number.POSITIVE_INFINITY : Math.max(0, ms * outlineShare - meter.elapsedMs),
      signal: config.signal,
      runtime: agent.runtime,
    });
    try {
      const hits = await lookAround(parts, state, run, deadline.signal);
      const call = { ...run.call, signal: deadline.signal, config: { ...config, signal: deadline.signal } };
      const { question } = state;
      const own = extractiveOutline({ question, hits, max, analyzer: agent.analyzer });
      let outlined = own;
      if (agent.serve !== undefined) {
        try {
          outlined =
            (await modelOutline(call, { question, hits, max, sources: describeSources(agent.sources) })) ?? own;
        } catch (error) {
          config.signal?.throwIfAborted();
          if (!deadline.passed()) throw error;
          await settled();
          const message = "The outline's share of the time ended: code outlines the report.";
          await run.note(note("budget-reached", message, { limits: ["ms"] }));
        }
      }
      await run.record("outline", outlined);
      run.emit({ type: "outline", outline: outlined });
      liveOf(config)?.usage.clear();
      return run.close({ outlined });
    } finally {
      deadline.clear();
    }
  };

/** One search for the question in each place: what there is about it. One that fails leaves a note. */
async function lookAround(
  { agent }: ResearchParts,
  { question, options = {} }: ResearchState,
  run: ResearchRun,
  signal: AbortSignal,
): Promise<Hit[]> {
  const { meter, journal, call } = run;
  // the only round there is belongs to a section
  if (meter.remaining("hops") < 2) return [];
  meter.hop();
  await run.record("query", { hop: meter.hops, query: question });
  const searches = agent.sources.map(({ name = "", retriever }, ordinal) => ({
    name,
    journal: journal.branch(),
    retriever,
    site: { node: "outline", branch: name, ordinal },
  }));
  const results = await Promise.allSettled(
    searches.map(({ retriever, journal: branch, site }) =>
      searchOnce({
        retriever,
        query: question,
        options: { k: firstHits, filter: options.filter, signal, config: call.config },
        call,
        journal: branch,
        site,
      }),
    ),
  );
  call.config?.signal?.throwIfAborted();
  const hits: Hit[] = [];
  for (const [index, result] of results.entries()) {
    const { name, journal: branch } = searches[index]!;
    journal.join(branch);
    const source = name === "" ? undefined : name;
    if (result.status === "rejected") {
      await run.note(failedSearch(result.reason, { subQuestion: "outline", source, query: question }));
      continue;
    }
    hits.push(...result.value.found.hits);
    for (const one of result.value.found.notes) await run.note(one);
  }
  const found = hits.map(({ passage: { id, source }, score }) => ({ passage: id, source, score }));
  await run.record("hits", { hop: meter.hops, query: question, hits: found });
  return hits;
}

const policyOf = ({ policy: { id, version } }: ResearchParts["agent"]) => ({ id, version });
