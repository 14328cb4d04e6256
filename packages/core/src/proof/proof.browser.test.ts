import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "../../../../scripts/launch-browser.mjs";
import { bundle } from "./bundle.js";
import { visible } from "./markup.js";
import { provable } from "./test/provable.js";

let browser: Browser;
let page: Page;
let folder: string;
beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "clew-hostile-"));
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const hostile = fc.oneof(
  fc.constantFrom(
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>-->",
    '" onload="alert(1)',
    "' autofocus onfocus='alert(1)",
    "<img src=x onerror=alert(1)>",
    "</style></title></textarea></template><svg/onload=alert(1)>",
    "javascript:alert(1)",
    'https://a.example/?q="><script>alert(1)</script>',
    "\u202e\u2066drow\u2069",
    "line\u2028and\u2029paragraph",
    "\ud800 half \udc00",
    "\0\u0007\ufeff&amp;&lt;&#x3c;",
    "{{alert(1)}} $& $1 `+alert(1)+`",
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
);

it("whatever an answer says, the page has the same structure, and says it as text", async () => {
  page = await browser.newPage();
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("dialog", () => requests.push("dialog"));
  const tagsOf = (
    html: string,
  ): Promise<{ tags: string[]; title: string; quote: string; json: string; links: string[] }> =>
    page.evaluate(`(() => {
      const tree = new DOMParser().parseFromString(${JSON.stringify(html)}, "text/html");
      const text = (selector) => tree.querySelector(selector).textContent;
      return {
        tags: [...tree.querySelectorAll("*")].map((one) => one.tagName + [...one.attributes].map(({ name }) => " " + name).join("")),
        title: text("h1"),
        quote: text("mark"),
        json: text("#proof"),
        links: [...tree.querySelectorAll("a")].map((one) => one.getAttribute("href")),
      };
    })()`);
  const calm = await tagsOf((await bundle(provable({ said: "calm", uri: "https://a.example/x" }))).html);
  const local = await tagsOf((await bundle(provable({ said: "calm", uri: "calm.md" }))).html);
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (said, uri) => {
      const { html, json } = await bundle(provable({ said, uri }));
      const { tags, title, quote, links, json: held } = await tagsOf(html);
      expect(tags).toEqual(json.sources[0]!.uri === undefined ? local.tags : calm.tags);
      expect(title).toBe(visible(json.title));
      expect(quote).toBe(visible(said === "" ? "-" : said));
      expect(JSON.parse(held)).toEqual(JSON.parse(JSON.stringify(json)));
      for (const link of links) expect(link).toMatch(/^(?:#(?:quote|source)-1$|https?:\/\/)/);
    }),
    { numRuns: 300 },
  );
  expect(requests).toEqual([]);
});

it("whatever an answer says, the page opened from disk runs nothing of it and asks for nothing", async () => {
  const context = await browser.newContext({ offline: true });
  page = await context.newPage();
  const seen: string[] = [];
  page.on("request", (request) => seen.push(request.url()));
  page.on("dialog", (dialog) => {
    seen.push("dialog");
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => seen.push(error.message));
  page.on("console", (message) => seen.push(message.text()));
  const file = join(folder, "hostile.html");
  for (const said of fc.sample(hostile, { numRuns: 40, seed: 7 })) {
    const { html, json } = await bundle(provable({ said, uri: said }));
    await writeFile(file, html);
    seen.length = 0;
    await page.goto(pathToFileURL(file).href);
    const name = `${said.replace(/[\0/]/g, " ").toWellFormed()}.txt`;
    const text = json.quotes.length === 0 ? "" : `Before. ${said} After.`;
    await page.setInputFiles("#files", { name, mimeType: "text/plain", buffer: Buffer.from(text) });
    await expect.poll(() => page.locator("#given li").count()).toBe(1);
    expect(seen).toEqual([pathToFileURL(file).href]);
  }
  await context.close();
});
