import type { ResearchEvent } from "clew";
import type { WireEvent, WireSectionEvent } from "./wire.js";

const excerptLength = 240;

/**
 * An event as the page gets it: without the trace and the texts of the ledger, which it can ask for passage by passage.
 *
 * @param isLive whether a source was fetched from the web
 * @returns undefined for what the page does not show
 */
export function toWire(event: ResearchEvent, isLive: (source: string) => boolean): WireEvent | undefined {
  switch (event.type) {
    case "section": {
      const inner = sectionEvent(event.event, isLive);
      return inner === undefined ? undefined : { type: "section", section: event.section, event: inner };
    }
    case "section-done": {
      const cited = event.section.sentences.flatMap(({ citations }) => citations.map(({ source }) => source));
      return { type: "section-done", section: event.section, live: [...new Set(cited)].filter(isLive) };
    }
    case "done": {
      const { trace, evidence: __, references, ...report } = event.report;
      const listed = references.map(({ citations: ___, ...one }) => ({ ...one, live: isLive(one.source) }));
      return { type: "done", report: { ...report, root: trace.lines.at(-1)?.hash, references: listed } };
    }
    default:
      return event;
  }
}

type InnerEvent = Extract<ResearchEvent, { type: "section" }>["event"];

function sectionEvent(event: InnerEvent, isLive: (source: string) => boolean): WireSectionEvent | undefined {
  switch (event.type) {
    case "query":
      return { type: "query", hop: event.hop, place: event.source, query: event.query, why: event.why };
    case "hits":
      return { type: "hits", hop: event.hop, place: event.source, query: event.query, hits: event.hits.length };
    case "evidence": {
      const { id, passage, hop } = event.evidence;
      const { source, title, text, uri, span, page, line } = passage;
      const excerpt = text.slice(0, excerptLength).toWellFormed();
      const live = isLive(source);
      return { type: "evidence", evidence: { id, source, title, excerpt, uri, span, page, line, hop, live } };
    }
    case "draft":
    case "sentence":
    case "note":
      return event;
    default:
      return undefined;
  }
}
