import type { Outline, WireEvidence, WireSectionEvent } from "../wire.js";
import { el } from "./dom.js";

/** Titles shown of a section's evidence before they are counted. */
const shownEvidence = 8;

/** The search as one watches it: for each section its queries, what each brought, and the evidence. */
export interface TrailView {
  outline(outline: Outline): void;
  event(section: string, event: WireSectionEvent): void;
  done(section: string, state: string): void;
}

interface SectionParts {
  readonly item: HTMLElement;
  readonly search: HTMLDetailsElement;
  readonly state: HTMLElement;
  readonly hops: HTMLElement;
  readonly evidence: HTMLElement;
  readonly more: HTMLElement;
  /** What is said of a query, by hop, place and query. */
  readonly about: Map<string, { readonly line: HTMLElement; readonly why: string }>;
  readonly sources: Set<string>;
}

/** Draws into a list. `open` shows a passage beside the report. */
export function trailView(list: HTMLElement, open: (evidence: WireEvidence, from: HTMLElement) => void): TrailView {
  const parts = new Map<string, SectionParts>();
  const begin = (one: SectionParts, state: string): void => {
    one.item.dataset.state = "working";
    one.state.textContent = state;
  };
  return {
    outline: ({ sections }) => {
      for (const { id, heading } of sections) {
        const made = sectionParts(heading);
        parts.set(id, made);
        list.append(made.item);
      }
    },
    event: (section, event) => {
      const one = parts.get(section);
      if (one === undefined) return;
      switch (event.type) {
        case "query": {
          begin(one, "looking it up …");
          const line = el("p", { class: "hop-about" }, `${event.why} …`);
          const place = event.place === "web" ? el("span", { class: "live" }, "web") : undefined;
          const query = el("p", { class: "hop-query" }, event.query, " ", place);
          one.about.set(keyOf(event), { line, why: event.why });
          one.hops.append(el("li", { class: "hop", "data-hop": String(event.hop) }, query, line));
          return;
        }
        case "hits": {
          const about = one.about.get(keyOf(event));
          if (about !== undefined) about.line.textContent = `${about.why} · ${counted(event.hits, "hit")}`;
          return;
        }
        case "evidence":
          addEvidence(one, event.evidence, open);
          return;
        case "draft":
        case "sentence":
          begin(one, "being written …");
          return;
        case "note":
          return;
      }
    },
    done: (section, state) => {
      const one = parts.get(section);
      if (one === undefined) return;
      one.item.dataset.state = "done";
      one.state.textContent = `${state} · ${counted(one.hops.childElementCount, "search", "searches")}, ${counted(one.sources.size, "source")}`;
      one.search.open = false;
    },
  };
}

function sectionParts(heading: string): SectionParts {
  const state = el("p", { class: "trail-state" }, "waiting");
  const hops = el("ol", { "aria-label": "Queries" });
  const evidence = el("ul", { class: "evidence", "aria-label": "Evidence" });
  const more = el("li", { class: "trail-state" });
  const search = el("details", { open: "" }, el("summary", {}, el("h3", {}, heading), state), hops, evidence);
  const item = el("li", { class: "trail-section", "data-state": "waiting" }, search);
  return { item, search, state, hops, evidence, more, about: new Map(), sources: new Set() };
}

/** One for each source: further passages of it are the same place to look at. */
function addEvidence(
  one: SectionParts,
  evidence: WireEvidence,
  open: (evidence: WireEvidence, from: HTMLElement) => void,
): void {
  if (one.sources.has(evidence.source)) return;
  one.sources.add(evidence.source);
  const beyond = one.sources.size - shownEvidence;
  if (beyond > 0) {
    one.more.textContent = `and ${beyond} more`;
    one.evidence.append(one.more);
    return;
  }
  const name = evidence.title === "" ? evidence.source : evidence.title;
  const label = evidence.live ? `${name} (from the web)` : name;
  const chip = el(
    "button",
    { type: "button", "data-live": String(evidence.live), title: evidence.excerpt, "aria-label": label },
    name,
  );
  chip.addEventListener("click", () => open(evidence, chip));
  one.evidence.append(el("li", {}, chip));
}

const keyOf = ({ hop, place, query }: { hop: number; place?: string | undefined; query: string }): string =>
  JSON.stringify([hop, place ?? "", query]);

/** "1 hit", "3 hits". */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;
