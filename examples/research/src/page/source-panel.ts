import type { WireError, WirePassage } from "../wire.js";
import { el, isWebAddress, webLink } from "./dom.js";

/** A place in a source. */
export interface Place {
  readonly source: string;
  readonly title: string;
  readonly uri?: string | undefined;
  readonly span: readonly [number, number];
  readonly page?: number | undefined;
  readonly line: number;
  /** What the span holds, where it is a quote: it is marked, and compared with what stands there now. */
  readonly quote?: string | undefined;
}

/** A passage beside the report. */
export interface SourcePanel {
  /** Shows a place; focus goes there, and back to `from` when it is closed. */
  open(place: Place, from: HTMLElement): Promise<void>;
  close(): void;
}

/** Draws into the page's `aside`. */
export function sourcePanel(panel: HTMLElement): SourcePanel {
  let opener: HTMLElement | undefined;
  let asked = new AbortController();

  const close = (): void => {
    asked.abort();
    panel.hidden = true;
    document.body.classList.remove("with-panel");
    opener?.setAttribute("aria-expanded", "false");
    opener?.focus();
    opener = undefined;
  };
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && !panel.hidden) close();
  });

  return {
    close,
    open: async (place, from) => {
      asked.abort();
      asked = new AbortController();
      const { signal } = asked;
      opener?.setAttribute("aria-expanded", "false");
      opener = from;
      from.setAttribute("aria-expanded", "true");
      const title = el("h2", { id: "panel-title", tabindex: "-1" }, place.title === "" ? place.source : place.title);
      const closing = el("button", { type: "button", "aria-label": "Close" }, "✕");
      closing.addEventListener("click", close);
      const where = el("p", { class: "where" }, whereOf(place));
      const body = el("p", { class: "passage", "aria-busy": "true" }, "…");
      panel.replaceChildren(el("header", {}, title, closing), where, el("p", { class: "where" }, linkOf(place)), body);
      panel.hidden = false;
      document.body.classList.add("with-panel");
      title.focus();
      try {
        const passage = await fetchPassage(place, signal);
        if (passage.fetchedAt !== undefined) {
          where.append(
            " · ",
            el("span", { class: "live" }, "web"),
            ` as of ${new Date(passage.fetchedAt).toLocaleString()}`,
          );
        }
        body.replaceChildren(...passageNodes(place, passage));
        body.querySelector("mark")?.scrollIntoView({ block: "nearest" });
      } catch (error) {
        if (signal.aborted) return;
        body.replaceChildren(`The passage cannot be shown: ${(error as Error).message}`);
      } finally {
        body.removeAttribute("aria-busy");
      }
    },
  };
}

async function fetchPassage({ source, span: [start, end] }: Place, signal: AbortSignal): Promise<WirePassage> {
  const query = new URLSearchParams({ source, start: String(start), end: String(end) });
  const response = await fetch(`/passage?${query}`, { signal });
  const said = (await response.json()) as WirePassage | WireError;
  if ("error" in said) throw new Error(said.error);
  return said;
}

/** The text with the quote marked where its offsets say; nothing is searched for. */
function passageNodes({ span, quote }: Place, { text, offset, more }: WirePassage): (Node | string)[] {
  const [start, end] = [span[0] - offset, span[1] - offset];
  const [before, inside, behind] = [text.slice(0, start), text.slice(start, end), text.slice(end)];
  const around = (nodes: readonly (Node | string)[]): (Node | string)[] => [
    ...(more[0] ? ["… "] : []),
    ...nodes,
    ...(more[1] ? [" …"] : []),
  ];
  if (quote === undefined) return around([text]);
  if (inside !== quote) {
    const changed = "The source has changed since the report was made; the quote is no longer there.";
    return [el("strong", {}, changed), "\n\n", ...around([text])];
  }
  return around([before, el("mark", {}, inside), behind]);
}

function whereOf({ page, line, uri, source }: Place): string {
  const at = page === undefined ? `Line ${line}` : `Page ${page}, line ${line}`;
  return `${at} of ${uri !== undefined && isWebAddress(uri) ? new URL(uri).host : source}`;
}

function linkOf({ uri, source, quote, page }: Place): HTMLElement {
  const fragment = quote === undefined ? "" : `#:~:text=${encodeURIComponent(quote).replaceAll("-", "%2D")}`;
  if (uri !== undefined && isWebAddress(uri))
    return webLink(`${uri}${page === undefined ? "" : `#page=${page}`}`, "Open the page");
  const whole = `/source?${new URLSearchParams({ id: source })}${fragment}`;
  return el("a", { href: whole, target: "_blank", rel: "noopener" }, "Open the whole source");
}
