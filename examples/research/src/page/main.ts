import type { About, WireEvent } from "../wire.js";
import { byId, el } from "./dom.js";
import { askServer, BrokenOff, Refused } from "./read-stream.js";
import { reportView } from "./report-view.js";
import { sourcePanel } from "./source-panel.js";
import { statusView } from "./status-view.js";
import { counted, trailView } from "./trail-view.js";

const form = byId("ask", HTMLFormElement);
const question = byId("question", HTMLTextAreaElement);
const begin = byId("begin", HTMLButtonElement);
const cancel = byId("cancel", HTMLButtonElement);
const examples = byId("examples", HTMLElement);
const status = statusView();
let about: About | undefined;
const panel = sourcePanel(byId("panel", HTMLElement));

/** Asks, and shows what happens until nothing more comes. */
async function research(asked: string): Promise<void> {
  const leaving = new AbortController();
  let run: string | undefined;
  const stop = (): void => {
    cancel.disabled = true;
    if (run === undefined) leaving.abort();
    else fetch(`/research/${run}/stop`, { method: "POST" }).catch(() => leaving.abort());
  };
  const trailList = byId("trail", HTMLElement);
  trailList.replaceChildren();
  const trail = trailView(trailList, (evidence, from) => void panel.open(evidence, from));
  const report = reportView(byId("report", HTMLElement), (citation, from) => void panel.open(citation, from));
  panel.close();
  byId("work", HTMLElement).hidden = false;
  examples.hidden = true;
  byId("how", HTMLElement).hidden = true;
  begin.hidden = true;
  cancel.hidden = false;
  cancel.disabled = false;
  cancel.addEventListener("click", stop);
  status.begin();

  const show = (event: WireEvent): void => {
    switch (event.type) {
      case "started":
        run = event.run;
        return;
      case "outline":
        status.outline(event.outline);
        trail.outline(event.outline);
        report.outline(event.outline);
        return;
      case "section":
        trail.event(event.section, event.event);
        report.event(event.section, event.event);
        return;
      case "section-done":
        status.sectionDone();
        trail.done(event.section.id, saidOf[event.section.status]);
        report.sectionDone(event.section);
        return;
      case "note":
        report.note(event.note);
        return;
      case "usage":
        status.usage(event.usage);
        return;
      case "done":
        report.done(event.report, run ?? "", about?.record ?? false);
        status.usage(event.report.usage);
        status.end(endOf[event.report.status]);
        return;
      case "stopped":
        report.stopped();
        status.end(`Stopped by the server. ${event.reason} What was written stays.`);
        return;
      case "failed":
        report.stopped();
        status.end("The run failed.");
        status.alert(event.message);
        return;
    }
  };
  try {
    for await (const event of askServer(asked, leaving.signal)) show(event);
  } catch (error) {
    report.stopped();
    status.end(leaving.signal.aborted ? "Cancelled." : "Broken off.");
    if (!leaving.signal.aborted) status.alert(whatToDo(error));
  } finally {
    cancel.removeEventListener("click", stop);
    cancel.hidden = true;
    begin.hidden = false;
  }
}

const saidOf = { answered: "written", partial: "written in part", abstained: "nothing was found" } as const;
const endOf = {
  answered: "The report is done.",
  partial: "The report is done, in part: its notes say why.",
  abstained: "Nothing was found that answers the question.",
} as const;

function whatToDo(error: unknown): string {
  if (error instanceof Refused) return error.message;
  if (error instanceof BrokenOff) {
    return "The connection to the server broke off. Look whether it still runs (npm start), and ask again; what was written stays until then.";
  }
  return "The server cannot be reached. Start it (npm start), and ask again.";
}

async function introduce(): Promise<void> {
  about = (await (await fetch("/about")).json()) as About;
  status.places(about);
  const places = [
    `${counted(about.documents, "document")} of ${about.folder}`,
    ...(about.web === undefined ? [] : [`the web by ${about.web}`]),
  ];
  const writer = about.model === undefined ? "no model: quotes alone" : `written by ${about.model}`;
  byId("about", HTMLElement).textContent = `${places.join(" and ")} · ${writer}`;
  question.maxLength = about.maxQuestion;
  for (const text of about.examples) {
    const chosen = el("button", { type: "button" }, text);
    chosen.addEventListener("click", () => {
      question.value = text;
      form.requestSubmit();
    });
    examples.append(el("li", {}, chosen));
  }
  examples.hidden = about.examples.length === 0;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const asked = question.value.trim();
  if (asked !== "" && !begin.hidden) void research(asked);
});
question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
introduce().catch(() => status.alert("The server cannot be reached. Start it (npm start), and load this page again."));
