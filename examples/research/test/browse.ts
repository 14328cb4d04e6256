import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { launchBrowser } from "../../../scripts/launch-browser.mjs";

/** A page, and what it did. */
export interface Browsed {
  readonly page: Page;
  /** Addresses of every request, those of extensions of the page (blob:) included. */
  readonly requests: readonly string[];
  /** What the console and uncaught errors said. */
  readonly said: readonly string[];
  /** What appeared, in order: `hop`, `evidence`, `sentence`, `section`, `end`. */
  seen(): Promise<string[]>;
}

/** Opens the example in a real Chromium; when the test ends it asserts that nothing was asked of another host. */
export async function browse(url: string, { dark = false } = {}): Promise<Browsed> {
  const browser = await launchBrowser();
  const page = await browser.newPage({
    viewport: { width: 1180, height: 720 },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  const requests: string[] = [];
  const said: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(error.message));
  onTestFinished(async () => {
    await browser.close();
    expect(requests.filter((one) => !one.startsWith(url) && !one.startsWith(`blob:${url}`))).toEqual([]);
  });
  await page.addInitScript(watch);
  await page.goto(url);
  await page.locator("#about").filter({ hasText: "documents" }).waitFor();
  return { page, requests, said, seen: () => page.evaluate(() => (globalThis as { seen?: string[] }).seen ?? []) };
}

/** Runs in the page: notes what appears, in the order in which it does. */
function watch(): void {
  const seen: string[] = [];
  const written = new WeakSet<Node>();
  Object.assign(globalThis, { seen });
  const names: Record<string, string> = {
    ".hop": "hop",
    ".evidence > li": "evidence",
    ".sentence": "sentence",
    ".report > footer": "end",
  };
  const look = (node: Node): void => {
    if (!(node instanceof Element) || node.closest("footer") !== (node.matches("footer") ? node : null)) return;
    for (const [selector, name] of Object.entries(names)) {
      for (const one of [node, ...node.querySelectorAll(selector)]) if (one.matches(selector)) seen.push(name);
    }
  };
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === "childList") for (const node of addedNodes) look(node);
      else if (target instanceof HTMLElement && target.matches(".report section[data-state=answered]")) {
        if (!written.has(target)) seen.push("section");
        written.add(target);
      }
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state"] });
}

/** Asks a question on the page. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel("What should be researched?").fill(question);
  await page.getByRole("button", { name: "Research" }).click();
}

/** Takes a picture for the docs: into `docs/images` where CLEW_SCREENSHOTS is set, else into no file. */
export async function picture(page: Page, name: string): Promise<void> {
  const docs = fileURLToPath(new URL("../../../docs/images", import.meta.url));
  const path = process.env.CLEW_SCREENSHOTS ? { path: join(docs, `research-${name}.png`) } : {};
  const image = await page.screenshot({ ...path, animations: "disabled" });
  if (process.env.CLEW_SCREENSHOTS) expect(image.length).toBeLessThan(150_000);
}
