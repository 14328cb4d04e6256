import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type AgentAnswer, createRetrievalAgent } from "@clew/agents";
import { type Index, type SourceText, scope } from "@clew/core";
import { seededRandom } from "@clew/core/measure";
import type { ProofJson } from "@clew/core/proof";
import { memoryIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { miniLM } from "@clew/local";
import { linked } from "@clew/retrievers";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser } from "../../../scripts/launch-browser.mjs";

const sample = fileURLToPath(new URL("../../../examples/ask/sample/", import.meta.url));
const images = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
const me = scope("me");

interface Made {
  readonly answer: AgentAnswer;
  readonly sources: readonly SourceText[];
  readonly json: ProofJson;
  /** The page, as a file. */
  readonly file: string;
}

const made: Made[] = [];
let folder: string;
let index: Index;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let requests: string[];
const embedder = miniLM();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-proof-"));
  index = await memoryIndex({ embedder });
  await index.sync(me, files([`${sample}wikipedia`]));
  const view = index.in(me);
  const agent = createRetrievalAgent({ retriever: linked(view) });
  const questions: { question: string }[] = JSON.parse(await readFile(`${sample}questions.json`, "utf8"));
  for (const [at, { question }] of questions.entries()) {
    const answer = await agent.ask(question);
    const ids = [...new Set(answer.citations.map(({ source }) => source))];
    const texts = await view.read((snapshot) => Promise.all(ids.map((id) => snapshot.sourceText(id))));
    const sources = texts.filter((text): text is SourceText => text !== undefined);
    const { html, json } = await answer.bundle({ sources });
    const file = join(folder, `proof-${at}.html`);
    await writeFile(file, html);
    made.push({ answer, sources, json, file });
  }
  browser = await launchBrowser();
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await index?.close();
  await embedder.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await context?.close();
  context = await browser.newContext({ offline: true, viewport: { width: 900, height: 1000 } });
  requests = [];
  await context.route(
    (url) => url.protocol !== "file:",
    (route) => route.abort(),
  );
  context.on("request", (request) => requests.push(request.url()));
  page = await context.newPage();
  page.on("pageerror", (error) => requests.push(`error: ${error.message}`));
  page.on("console", (message) => requests.push(`console: ${message.text()}`));
});

async function open(file: string): Promise<void> {
  requests.length = 0;
  await page.goto(pathToFileURL(file).href);
}

/** Hands files to the page and waits until it has looked at all of them. */
async function give(given: readonly { readonly name: string; readonly text: string | Buffer }[]): Promise<void> {
  const seen = await page.locator("#given li").count();
  await page.setInputFiles(
    "#files",
    given.map(({ name, text }) => ({ name, mimeType: "text/markdown", buffer: Buffer.from(text) })),
  );
  await expect.poll(() => page.locator("#given li").count()).toBe(seen + given.length);
}

const results = (): Promise<string[]> => page.locator("[id^=result-]").allTextContents();
const versions = (): Promise<string[]> => page.locator("[id^=version-]").allTextContents();
/** Nothing was asked for but the file itself, and nothing went wrong. */
const expectNoRequest = (file: string): void => expect(requests).toEqual([pathToFileURL(file).href]);
const original = async (id: string): Promise<{ name: string; text: string }> => ({
  name: basename(id),
  text: await readFile(join(sample, "wikipedia", basename(id)), "utf8"),
});

describe("the proof of each sample question, opened from disk without a network", () => {
  it("verifies every quote against the sources that were read", async () => {
    for (const { json, file } of made) {
      await open(file);
      if (json.quotes.length === 0) continue;
      expect(new Set(await results())).toEqual(new Set(["Source not given."]));
      await give(await Promise.all(json.sources.map(({ id }) => original(id))));
      expect(new Set(await results())).toEqual(
        new Set(["Verified: it stands where it was read, character by character."]),
      );
      expect(new Set(await versions())).toEqual(new Set(["The same bytes as were read."]));
      expect(await page.textContent("#summary")).toBe(`${json.quotes.length} of ${json.quotes.length} verified.`);
      expectNoRequest(file);
    }
    expect(made.reduce((sum, { json }) => sum + json.quotes.length, 0)).toBeGreaterThan(20);
  });

  it("does not verify a quote in which one character was altered", async () => {
    const random = seededRandom(7);
    let altered = 0;
    for (const { json, file } of made) {
      for (const quote of json.quotes) {
        const { id } = json.sources[quote.source]!;
        const { name, text } = await original(id);
        const at = quote.span[0] + Math.floor(random() * (quote.span[1] - quote.span[0]));
        const by = [..."xq7-. "].filter((one) => one !== text[at])[Math.floor(random() * 5)]!;
        await open(file);
        await give([{ name, text: text.slice(0, at) + by + text.slice(at + 1) }]);
        expect(await page.textContent(`#result-${quote.number}`)).toMatch(/^Not (?:verified|in this source)/);
        expect(await page.textContent(`#version-${quote.source}`)).toMatch(/^Another version/);
        expect(await page.getAttribute("#summary", "class")).toBe("bad");
        expectNoRequest(file);
        altered++;
      }
    }
    expect(altered).toBe(made.reduce((sum, { json }) => sum + json.quotes.length, 0));
  });

  it("verifies the quotes of a source that was altered elsewhere, and says that it is another version", async () => {
    for (const { json, file } of made.filter((one) => one.json.quotes.length > 0)) {
      await open(file);
      const given = await Promise.all(json.sources.map(({ id }) => original(id)));
      await give(given.map(({ name, text }) => ({ name, text: `A new first line.\n${text}` })));
      for (const result of await results()) expect(result).toMatch(/^Verified: .* at another place of the file/);
      for (const version of await versions()) expect(version).toMatch(/^Another version/);
      expectNoRequest(file);
    }
  });

  it("is below 200 kB", async () => {
    const sizes = await Promise.all(made.map(async ({ file }) => (await stat(file)).size));
    sizes.sort((a, b) => a - b);
    const shown = [sizes[0]!, sizes[sizes.length >> 1]!, sizes.at(-1)!].map((size) => `${(size / 1000).toFixed(1)} kB`);
    console.log(`proofs of ${sizes.length} answers: ${shown.join(" / ")} (least / median / most)`);
    expect(sizes.at(-1)).toBeLessThan(200_000);
  });
});

describe("the page", () => {
  const first = (): Made => made.find(({ json }) => json.sources.length >= 2)!;

  it("takes files that are dropped, and says so of one that is no source", async () => {
    const { file, json } = first();
    await open(file);
    const source = await original(json.sources[0]!.id);
    const given = [source, { name: "shopping.txt", text: "Bread, milk and honey." }];
    // as text, since these tests are compiled without the browser's types
    await page.evaluate(`((given) => {
      const transfer = new DataTransfer();
      for (const { name, text } of given) transfer.items.add(new File([text], name));
      const dropped = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.getElementById("drop").dispatchEvent(dropped);
    })(${JSON.stringify(given)})`);
    await expect
      .poll(() => page.locator("#given li").allTextContents())
      .toEqual([
        expect.stringMatching(/by its hash\.$/),
        "shopping.txt: none of these sources. Neither its name nor a hash agrees, and no quote stands in it.",
      ]);
    expectNoRequest(file);
  });

  it("recognises a renamed source by its hash, and a renamed and altered one by the quotes in it", async () => {
    const { file, json } = first();
    const { text } = await original(json.sources[0]!.id);
    await open(file);
    await give([{ name: "download (3)", text }]);
    await give([{ name: "download (4)", text: `${text}\nA line more.` }]);
    expect(await page.locator("#given li").allTextContents()).toEqual([
      expect.stringMatching(/by its hash\.$/),
      expect.stringMatching(/by the quotes in it\.$/),
    ]);
  });

  it("compares the bytes of a PDF, says that its text has to come as text, and takes that", async () => {
    const { answer, sources } = first();
    const pdf = Buffer.from("%PDF-1.7\n% the bytes of a report");
    const bytesHash = "1".repeat(32);
    const asPdf = sources.map((text) => ({
      ...text,
      source: { ...text.source, mediaType: "application/pdf", version: `pdf@1:${bytesHash}` },
    }));
    const { html, json } = await answer.bundle({ sources: asPdf });
    const file = join(folder, "pdf.html");
    await writeFile(file, html);
    await open(file);
    const name = basename(json.sources[0]!.id).replace(".md", ".pdf");
    await give([{ name, text: pdf }]);
    expect(await page.textContent("#given li")).toContain("pdftotext");
    expect(await page.textContent("#version-0")).toMatch(/^Another version/);
    const { text } = await original(json.sources[0]!.id);
    await give([{ name: name.replace(".pdf", ".txt"), text: text.replaceAll(" ", "\n") }]);
    const own = json.quotes.filter(({ source }) => source === 0);
    for (const { number } of own) expect(await page.textContent(`#result-${number}`)).toMatch(/^Verified, but for/);
  });

  it("checks itself when the texts are embedded, and not where one was changed", async () => {
    const { answer, sources } = first();
    const { html, json } = await answer.bundle({ sources, embed: true });
    const file = join(folder, "embedded.html");
    await writeFile(file, html);
    await open(file);
    await expect
      .poll(() => page.textContent("#summary"))
      .toBe(`${json.quotes.length} of ${json.quotes.length} verified.`);
    expectNoRequest(file);

    const text = sources[0]!.text;
    await writeFile(file, html.replace(JSON.stringify(text).slice(1, 40), `X${JSON.stringify(text).slice(2, 40)}`));
    await open(file);
    await expect.poll(() => page.locator("#given").textContent()).toContain("is not the one that its hash names");
  });

  it("shows how it looks", async () => {
    await page.setViewportSize({ width: 760, height: 900 });
    const { file, json } = first();
    await open(file);
    await give(await Promise.all(json.sources.map(({ id }) => original(id))));
    await shoot("proof-verified.png");
    await open(file);
    const [changed, ...rest] = await Promise.all(json.sources.map(({ id }) => original(id)));
    const { span } = json.quotes.find(({ source }) => source === 0)!;
    const text = `${changed!.text.slice(0, span[1] - 2)}x${changed!.text.slice(span[1] - 1)}`;
    await give([{ name: changed!.name, text }, ...rest]);
    await shoot("proof-altered.png");
    expect(await page.locator(".result.bad").count()).toBeGreaterThan(0);
  });

  /** Writes into the docs where CLEW_SCREENSHOTS is set, so that a test alone changes nothing there. */
  async function shoot(name: string): Promise<void> {
    const to = process.env.CLEW_SCREENSHOTS === undefined ? folder : images;
    await mkdir(to, { recursive: true });
    await page.evaluate(`document.getElementById("check").scrollIntoView()`);
    await page.screenshot({ path: join(to, name) });
  }
});
