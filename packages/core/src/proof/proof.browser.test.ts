import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
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

it("finds quotes in a web page and in a Word document, whose texts it makes anew", async () => {
  const said = "It was sold in 1912, for a “great sum”";
  const { html } = await bundle(provable({ said, uri: "https://a.example/houses" }));
  const file = join(folder, "forms.html");
  await writeFile(file, html);
  page = await browser.newPage();
  const web = `<title>x</title><script>document.title = "no"</script><nav>Home</nav><p>Before. It was <b>sold</b> in\n1912, for&nbsp;a &quot;great&#32;sum&quot; After.<img src="https://a.example/x.png">`;
  const word = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Before. It was sold </w:t></w:r><w:r><w:t>in 1912, for a “great sum” After.</w:t></w:r></w:p></w:body></w:document>`;
  const requests: string[] = [];
  for (const [name, buffer] of [
    ["houses.html", Buffer.from(web)],
    ["houses.docx", zipOf("word/document.xml", word)],
  ] as const) {
    await page.goto(pathToFileURL(file).href);
    page.on("request", (request) => requests.push(request.url()));
    await page.setInputFiles("#files", { name, mimeType: "", buffer });
    await expect
      .poll(() => page.textContent("#result-1"))
      .toMatch(name.endsWith("html") ? /^Verified, but for/ : /^Verified/);
    await page.setInputFiles("#files", { name, mimeType: "", buffer: Buffer.from(web.replace("1912", "1913")) });
    if (name.endsWith("html")) await expect.poll(() => page.textContent("#result-1")).toBe("Not in this source.");
    page.removeAllListeners("request");
  }
  expect(requests).toEqual([]);
});

/** An archive of one deflated entry. @see PKWARE, APPNOTE.TXT, 4.3 */
function zipOf(name: string, content: string): Buffer {
  const data = deflateRawSync(Buffer.from(content));
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(data.length, 20);
  central.writeUInt32LE(content.length, 24);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length + data.length, 16);
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name), end]);
}
