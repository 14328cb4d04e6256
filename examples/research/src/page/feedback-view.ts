import type { WireError } from "../wire.js";
import { el } from "./dom.js";

const choices = { right: "Yes", partly: "In part", wrong: "No" } as const;

/** "Was this right?": what a reader says is appended to the record of the run. */
export function feedbackView(run: string): HTMLElement {
  const said = el("p", { class: "said", role: "status" });
  const correction = el("textarea", { id: "correction", rows: "2", maxlength: "4000" });
  const label = el("label", { for: "correction" }, "What would have been right? (optional)");
  const more = el("div", { class: "correction" }, label, correction);
  more.hidden = true;
  let verdict: keyof typeof choices = "right";
  const send = async (): Promise<void> => {
    for (const one of form.querySelectorAll("button")) one.disabled = true;
    try {
      const answered = await fetch(`/research/${run}/feedback`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ verdict, correction: correction.value }),
      });
      if (!answered.ok) throw new Error(((await answered.json()) as WireError).error);
      said.textContent = `Thank you. "${choices[verdict]}" was added to the record of this report.`;
      more.hidden = true;
    } catch (error) {
      said.textContent = `It was not kept: ${(error as Error).message}`;
    } finally {
      for (const one of form.querySelectorAll("button")) one.disabled = false;
    }
  };
  const buttons = (Object.keys(choices) as (keyof typeof choices)[]).map((one) => {
    const button = el("button", { type: "button" }, choices[one]);
    button.addEventListener("click", () => {
      verdict = one;
      said.textContent = "";
      more.hidden = one === "right";
      if (one === "right") void send();
      else correction.focus();
    });
    return button;
  });
  const submit = el("button", { type: "submit" }, "Send");
  more.append(submit);
  const form = el(
    "form",
    { class: "feedback" },
    el("fieldset", {}, el("legend", {}, "Was this right?"), ...buttons),
    more,
    said,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  return form;
}
