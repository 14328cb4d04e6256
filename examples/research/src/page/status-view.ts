import type { About, Outline, WireReport } from "../wire.js";
import { byId } from "./dom.js";
import { counted } from "./trail-view.js";

/** What is being done, how far it is, what it cost, and what went wrong. */
export interface StatusView {
  /** Where the server looks. */
  places(about: About): void;
  begin(): void;
  outline(outline: Outline): void;
  sectionDone(): void;
  usage(usage: WireReport["usage"]): void;
  /** Nothing more comes. */
  end(said: string): void;
  /** Something that the reader has to know at once, and what to do. */
  alert(said: string): void;
}

/** Draws into the page's status line. */
export function statusView(): StatusView {
  const [state, alert] = [byId("state", HTMLElement), byId("alert", HTMLElement)];
  const progress = byId("progress", HTMLProgressElement);
  const [status, usage] = [byId("status", HTMLElement), byId("usage", HTMLElement)];
  let local = "nothing left this machine";
  let [written, planned] = [0, 0];
  const said = (): string => `${written} of ${counted(planned, "section")} written`;
  return {
    places: ({ web }) => {
      if (web !== undefined) local = `only queries left this machine, for ${web}`;
    },
    begin: () => {
      [written, planned] = [0, 0];
      state.hidden = false;
      alert.hidden = true;
      progress.hidden = false;
      progress.value = 0;
      status.textContent = "Making an outline …";
      usage.textContent = "";
    },
    outline: ({ sections }) => {
      planned = sections.length;
      progress.max = Math.max(1, planned);
      status.textContent = said();
    },
    sectionDone: () => {
      written += 1;
      progress.value = written;
      status.textContent = said();
    },
    usage: ({ inputTokens, outputTokens, calls, usd }) => {
      const tokens = inputTokens + outputTokens;
      const parts = [
        ...(tokens > 0 ? [`${tokens.toLocaleString("en")} tokens`] : []),
        ...(usd > 0 ? [`$${usd.toFixed(4)}`] : []),
      ];
      usage.textContent = calls === 0 ? local : [counted(calls, "call"), ...parts].join(" · ");
    },
    end: (what) => {
      progress.hidden = true;
      status.textContent = what;
    },
    alert: (what) => {
      alert.hidden = false;
      alert.textContent = what;
    },
  };
}
