import type { Outline, ReportSection, WireReport, WireSectionEvent } from "../wire.js";
import { el, webLink } from "./dom.js";
import { feedbackView } from "./feedback-view.js";
import { type SectionView, sectionView } from "./section-view.js";
import { legend, notesView, type SentenceActions } from "./sentence-view.js";

/** The report as it grows. */
export interface ReportView {
  outline(outline: Outline): void;
  event(section: string, event: WireSectionEvent): void;
  sectionDone(section: ReportSection): void;
  note(note: WireReport["notes"][number]): void;
  /** `run` names the run on the server; `record`: whether the server records it. */
  done(report: WireReport, run: string, record: boolean): void;
  /** Nothing more comes: what waits says so. */
  stopped(): void;
}

/** Draws into the page's `article`. `open` shows a citation's passage. */
export function reportView(article: HTMLElement, open: SentenceActions["open"]): ReportView {
  const numbers = new Map<string, number>();
  const sections = new Map<string, SectionView>();
  const notes: WireReport["notes"][number][] = [];
  const noted = el("div", {});
  const actions: SentenceActions = { numberOf: (source) => numbers.get(source), open };
  article.replaceChildren();

  return {
    outline: ({ title, sections: planned }) => {
      article.append(el("h1", {}, title));
      for (const { id, heading } of planned) {
        const view = sectionView(heading, {
          ...actions,
          headingOf: (section) => planned.find((one) => one.id === section)?.heading ?? section,
        });
        sections.set(id, view);
        article.append(view.element);
      }
      article.append(noted);
    },
    event: (section, event) => sections.get(section)?.event(event),
    sectionDone: (section) => {
      // one numbering over all sections, in the order of first use: as the report's own
      for (const { source } of citedBy(section)) if (!numbers.has(source)) numbers.set(source, numbers.size + 1);
      sections.get(section.id)?.done(section);
    },
    note: (note) => {
      notes.push(note);
      noted.replaceChildren(notesView(notes));
    },
    done: (report, run, record) => {
      numbers.clear();
      for (const { source, number } of report.references) numbers.set(source, number);
      for (const section of report.sections) sections.get(section.id)?.done(section);
      noted.replaceChildren(...(report.notes.length === 0 ? [] : [notesView(report.notes)]));
      if (report.references.length > 0) article.append(el("h2", {}, "Sources"), referencesView(report));
      article.append(
        el(
          "footer",
          {},
          downloadButton(report),
          proofLink(run),
          legend(),
          ...(report.root === undefined ? [] : [rootView(report.root)]),
          ...(record ? [feedbackView(run)] : []),
        ),
      );
    },
    stopped: () => {
      for (const view of sections.values()) view.stopped();
    },
  };
}

const citedBy = ({ status, sentences, repeats }: ReportSection) =>
  status === "abstained" ? [] : [...sentences, ...repeats].flatMap(({ citations }) => citations);

const referencesView = ({ references }: WireReport): HTMLElement =>
  el(
    "ol",
    { class: "references" },
    ...references.map(({ number, source, title, uri, live }) =>
      el(
        "li",
        {},
        `[${number}] `,
        webLink(uri ?? "", title === "" ? source : title),
        live ? " " : ` · ${source}`,
        live ? el("span", { class: "live" }, "web") : undefined,
      ),
    ),
  );

/** One file that checks the report's quotes by itself. */
const proofLink = (run: string): HTMLElement =>
  el("a", { class: "button", href: `/research/${run}/proof`, download: "proof.html" }, "Download the proof");

/** By which the proof is told from one that somebody made up. */
const rootView = (root: string): HTMLElement =>
  el("p", { class: "root" }, "Root of the record, which the proof names too: ", el("code", {}, root));

function downloadButton({ markdown, title }: WireReport): HTMLElement {
  const button = el("button", { type: "button" }, "Download as Markdown");
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([markdown], { type: "text/markdown" }));
    const name =
      title
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu)
        ?.slice(0, 8)
        .join("-") ?? "report";
    el("a", { href: address, download: `${name}.md` }).click();
    URL.revokeObjectURL(address);
  });
  return button;
}
