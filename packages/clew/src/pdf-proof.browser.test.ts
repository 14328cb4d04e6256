import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type AgentAnswer, createRetrievalAgent } from "@clew/agents";
import { type SourceText, scope } from "@clew/core";
import { bundle, type ProofBundle } from "@clew/core/proof";
import { memoryIndex } from "@clew/index";
import { files } from "@clew/ingest";
import { lexical } from "@clew/retrievers";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../../../scripts/launch-browser.mjs";

const me = scope("me");
const printed = `<!doctype html><html lang="en"><title>The Vellmar report</title>
<style>@page{size:A4;margin:2cm}body{font:12pt/1.5 "DejaVu Serif",serif;text-align:justify}section{break-after:page}</style>
<section><h1>The Vellmar report</h1><p>The ferry of Vellmar was an official office of efficient traffic on the river, and its
finances were first audited in 1911 by Zephyrine Quill, who found that the fares covered half of what it cost.</p>
<p>Nothing else happened in that year which anybody in the town of Vellmar would have remembered afterwards.</p></section>
<section><h2>The bridge</h2><p>The bridge of Vellmar was opened on 4 May 1934, after three floods had carried its pillars away;
it is 212 metres long and rests on nine arches of grey granite from the quarries above the town.</p></section>
<section><h2>The toll</h2><p>A toll of two crowns was taken from every cart that crossed the bridge until the year 1951, when the
council of Vellmar abolished it &ldquo;once and for all&rdquo;.</p></section>`;

let folder: string;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let requests: string[];
let pdf: Buffer;
let answer: AgentAnswer;
let source: SourceText;
let proof: ProofBundle;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-pdf-proof-"));
  browser = await launchBrowser();
  const printer = await browser.newPage();
  await printer.setContent(printed);
  pdf = await printer.pdf({ preferCSSPageSize: true });
  await printer.close();
  await writeFile(join(folder, "vellmar.pdf"), pdf);
  const index = await memoryIndex();
  await index.sync(me, files([folder], { base: folder }));
  const view = index.in(me);
  const agent = createRetrievalAgent({ retriever: lexical(view) });
  answer = await agent.ask("When was the bridge of Vellmar opened, and what toll was taken from every cart?");
  source = (await view.read((snapshot) => snapshot.sourceText("vellmar.pdf")))!;
  await index.close();
  proof = await answer.bundle({ sources: [source] });
  file = join(folder, "proof.html");
  await writeFile(file, proof.html);

  context = await browser.newContext({ offline: true });
  await context.route(
    (url) => url.protocol !== "file:",
    (route) => route.abort(),
  );
  context.on("request", (request) => requests.push(request.url()));
  page = await context.newPage();
  page.on("pageerror", (error) => requests.push(error.message));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  requests = [];
  await page.goto(pathToFileURL(file).href);
}

async function give(name: string, buffer: Buffer): Promise<void> {
  const seen = await page.locator("#given li").count();
  await page.setInputFiles("#files", { name, mimeType: "", buffer });
  await expect.poll(() => page.locator("#given li").count()).toBe(seen + 1);
}

const results = (): Promise<string[]> => page.locator("[id^=result-]").allTextContents();

it("names the pages of a PDF that Chromium printed, and opens it at them", async () => {
  const { json } = proof;
  expect(json.quotes.map(({ page: at }) => at)).toEqual(expect.arrayContaining([2, 3]));
  for (const { page: at, span, target } of json.quotes) {
    expect(target.selector).toContainEqual({
      type: "FragmentSelector",
      conformsTo: "http://tools.ietf.org/rfc/rfc3778",
      value: `page=${at}`,
    });
    const [quote] = target.selector;
    expect(quote).toMatchObject({ type: "TextQuoteSelector", exact: source.text.slice(...span) });
  }
  // a file on this machine has no address to link to, a published one has
  expect(json.quotes.every(({ link }) => link === undefined)).toBe(true);
  const uri = "https://archive.example/vellmar.pdf";
  const cited = answer.sentences.map((one) => ({
    ...one,
    citations: one.citations.map((citation) => ({ ...citation, uri })),
  }));
  const published = await bundle({ ...answer, citations: [], sentences: cited }, { sources: [source] });
  for (const { link, page: at, target } of published.json.quotes) {
    expect([link, target.source]).toEqual([`${uri}#page=${at}`, uri]);
  }
});

it("tells the PDF by its bytes, and another one from it", async () => {
  await open();
  await give("download.pdf", pdf);
  expect(await page.textContent("#given li")).toContain("by its hash");
  expect(await page.textContent("#version-0")).toBe("The same bytes as were read.");
  // what a PDF says is in no form that this page reads: it says what to do
  expect(await page.textContent("#given li")).toContain("pdftotext");
  expect((await results()).some((result) => result.startsWith("Verified"))).toBe(false);
  await open();
  await give("vellmar.pdf", Buffer.concat([pdf, Buffer.from("\n")]));
  expect(await page.textContent("#version-0")).toMatch(/^Another version/);
  expect(requests).toEqual([pathToFileURL(file).href]);
});

it.for<readonly [name: string, take: () => Promise<string | undefined>]>([
  ["pdftotext", () => pdftotext([])],
  ["pdftotext -layout", () => pdftotext(["-layout"])],
  [
    "unpdf",
    async () => {
      const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
      return text;
    },
  ],
])("verifies the quotes in the text that %s makes of it, and not in an altered one", async ([, take], { skip }) => {
  const text = await take();
  if (text === undefined) return skip("poppler is not installed");
  await open();
  await give("vellmar.txt", Buffer.from(text));
  const verified = await results();
  expect(verified.length).toBeGreaterThan(0);
  for (const result of verified) expect(result).toMatch(/^Verified/);
  await open();
  await give("vellmar.txt", Buffer.from(text.replaceAll("1934", "1935").replaceAll("two", "ten")));
  expect((await results()).some((result) => result.startsWith("Not"))).toBe(true);
  expect(await page.getAttribute("#summary", "class")).toBe("bad");
  expect(requests).toEqual([pathToFileURL(file).href]);
});

/** Text of the PDF as poppler makes it; undefined where it is not installed. */
async function pdftotext(words: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("pdftotext", [...words, join(folder, "vellmar.pdf"), "-"]);
    return stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
