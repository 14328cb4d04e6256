import type { Citation, ReportSection, WireSectionEvent } from "../wire.js";
import { el } from "./dom.js";
import { marksView, notesView, type SentenceActions, type ShownSentence, sentenceView } from "./sentence-view.js";

/** One section of the report, from its heading to its last sentence. */
export interface SectionView {
  readonly element: HTMLElement;
  event(event: WireSectionEvent): void;
  done(section: ReportSection): void;
  stopped(): void;
}

/** What one may do in a section. */
export interface SectionActions extends SentenceActions {
  /** Heading of another section. */
  headingOf(section: string): string;
}

/** Shows sentences as they are verified, the draft behind them in grey, and in the end the section as it stands. */
export function sectionView(heading: string, actions: SectionActions): SectionView {
  const text = el("p", {});
  const draft = el("p", { class: "draft", "aria-hidden": "true" });
  const waiting = el("p", { class: "waiting" }, "Not begun yet.");
  const noted = el("div", {});
  const element = el("section", { "data-state": "waiting" }, el("h2", {}, heading), waiting, text, draft, noted);
  const sentences = new Map<string, ShownSentence>();
  const notes: { readonly code: string; readonly message: string }[] = [];
  let attempt = 0;
  let isDone = false;

  const begin = (said: string): void => {
    element.dataset.state = "working";
    waiting.textContent = said;
  };
  const draw = (shown: Iterable<ShownSentence>): void =>
    text.replaceChildren(...[...shown].map((sentence) => sentenceView(sentence, actions)));
  /** A later attempt replaces what was written before it. */
  const at = (now: number): void => {
    if (now <= attempt) return;
    attempt = now;
    sentences.clear();
    draft.replaceChildren();
    text.replaceChildren();
  };

  return {
    element,
    event: (event) => {
      if (isDone) return;
      switch (event.type) {
        case "query":
          begin("Looking it up …");
          return;
        case "draft":
          at(event.attempt);
          begin("Being written …");
          draft.append(event.text);
          return;
        case "sentence":
          at(event.attempt);
          begin("Being written …");
          draft.replaceChildren();
          sentences.set(event.sentence.text, event.sentence);
          draw(sentences.values());
          return;
        case "note":
          notes.push(event.note);
          noted.replaceChildren(notesView(notes));
          return;
        case "hits":
        case "evidence":
          return;
      }
    },
    done: (section) => {
      isDone = true;
      element.dataset.state = section.status;
      waiting.remove();
      draft.remove();
      if (section.status === "abstained") {
        text.replaceChildren(el("em", { class: "waiting" }, section.abstention ?? "Nothing was found on this."));
      } else {
        draw(section.sentences);
        text.append(...section.repeats.map((repeat) => repeatView(repeat, actions)));
      }
      noted.replaceChildren(...(section.notes.length === 0 ? [] : [notesView(section.notes)]));
    },
    stopped: () => {
      if (isDone) return;
      element.dataset.state = "stopped";
      waiting.textContent = "Stopped before it was written.";
      draft.remove();
    },
  };
}

/** What an earlier section says already, with the marks of its citations. */
const repeatView = ({ section, citations }: ReportSection["repeats"][number], actions: SectionActions): HTMLElement =>
  el(
    "em",
    { class: "repeat" },
    `See “${actions.headingOf(section)}”. `,
    ...marksView(oncePerSource(citations), actions),
    " ",
  );

const oncePerSource = (citations: readonly Citation[]): Citation[] =>
  citations.filter(({ source }, at) => citations.findIndex((one) => one.source === source) === at);
