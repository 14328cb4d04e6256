import { describe, expect, it } from "vitest";
import { readerInput, spansOf } from "../test-support/reader-input.js";
import { htmlReader } from "./html-reader.js";

const whole = htmlReader({ mainContent: false });
const read = async (body: string, reader = whole) => (await reader.read(readerInput("page.html", body))).text;

describe("htmlReader", () => {
  it("reads headings, paragraphs, lists, tables and pre, and drops what is no content", async () => {
    const text =
      await read(`<!doctype html><html lang="de-at"><head><title> The  Page </title><style>p{}</style></head><body>
      <nav><ul><li>Menu</li></ul></nav><script>if (a < b) document.write("<p>no</p>")</script>
      <h1>One &amp; <em>only</em></h1><p>Caf&eacute;&nbsp;au<br>lait&#x21; a<b>b</b>c</p>
      <ul><li>first<li><p>second</p><ol start=3><li>deep</ol></ul>
      <pre>  x = 1\n\n  y</pre>
      <table><caption>Sales</caption><tr><th>Year<th><th>Sum<tr><td>2023<td><td>1 &lt; 2</table>
      <p hidden>secret</p><footer>Imprint</footer></body></html>`);
    const spans = spansOf(text);
    expect(text.source.title).toBe("The Page");
    expect(text.language).toBe("de-AT");
    expect(spans.headings).toEqual(["One & only"]);
    expect(spans.blocks).toEqual(["  x = 1\n\n  y", "Year | Sum\n2023 | 1 < 2"]);
    expect(text.text).toBe(
      "One & only\n\nCafé au\nlait! abc\n\n- first\n- second\n  3. deep\n\n  x = 1\n\n  y\n\nSales\n\nYear | Sum\n2023 | 1 < 2",
    );
  });

  it("reads a table that only places text as text, and a table inside it as a table", async () => {
    const text = await read(
      "<table><tr><td><h2>Left</h2><p>words</p><table><tr><td>a<td>1<tr><td>b<td>2</table>after</td><td>right</td></tr></table><p>end",
    );
    expect(spansOf(text)).toEqual({ headings: ["Left"], blocks: ["a | 1\nb | 2"] });
    expect(text.text).toBe("Left\n\nwords\n\na | 1\nb | 2\n\nafter\n\nright\n\nend");
  });

  it("takes the main content, its title and author, and says how much was left out", async () => {
    const prose = "The committee met on Monday, and it decided, after a long debate, to publish the report. ".repeat(
      12,
    );
    const links = Array.from({ length: 30 }, (_, index) => `<a href="/${index}">Other story ${index}</a> `).join("");
    const html = `<html lang=en><head><title>Report | The Paper</title><meta name="author" content="Ada Byron"></head><body>
      <div class="sidebar">${links}</div><article><h1>Report</h1><p>${prose}</p><h2>Details</h2><p>${prose}</p></article></body></html>`;
    const { text, notes } = await htmlReader().read(readerInput("a.html", html));
    expect(text.text).not.toContain("Other story");
    expect(text.source.metadata).toMatchObject({ author: "Ada Byron" });
    expect(text.language).toBe("en");
    expect(spansOf(text).headings).toContain("Details");
    expect(notes).toMatchObject([{ code: "cleaned" }]);
    expect((await whole.read(readerInput("a.html", html))).text.text).toContain("Other story 29");
  });

  it("finds the main content of a page without html and body tags", async () => {
    const { text, notes } = await htmlReader().read(readerInput("t.html", "<title>T</title><p>Hi"));
    expect([text.text, text.source.title, notes]).toEqual(["Hi", "T", []]);
  });

  it("reads a page whole, with a note, where its main content would be too little", async () => {
    const rows = Array.from({ length: 400 }, (_, index) => `<li><a href="/${index}">item ${index}</a></li>`).join("");
    const article = `<article><p>${"A sentence, with a comma, of prose. ".repeat(20)}</p></article>`;
    const html = `<html><body><div class="sidebar"><ul>${rows}</ul></div>${article}</body></html>`;
    const { text, notes } = await htmlReader().read(readerInput("t.html", html));
    expect(text.text).toContain("item 399");
    expect(notes).toMatchObject([{ code: "guessed", message: /read whole: its main content would have been \d+ %/ }]);
  });

  it("finds text in a nav that is never closed, and refuses a page without any", async () => {
    const { text, notes } = await whole.read(readerInput("n.html", "<nav><p>all of it"));
    expect(text.text).toBe("all of it");
    expect(notes).toMatchObject([{ code: "guessed" }]);
    await expect(whole.read(readerInput("e.html", "<div id=root></div><script src=x></script>"))).rejects.toMatchObject(
      {
        code: "unreadable-source",
      },
    );
  });

  it("follows the encoding that a page declares", async () => {
    const bytes = Uint8Array.from([...new TextEncoder().encode('<meta charset="windows-1251"><p>'), 0xcf, 0xf0, 0xe8]);
    expect((await whole.read(readerInput("ru.html", bytes))).text.text).toBe("При");
  });

  it.each([
    ["deep nesting", "<div>".repeat(2_000_000)],
    ["deep inline nesting", `${"<b>x".repeat(100_000)}`],
    ["closing tags only", "</div>".repeat(300_000)],
    ["entities in one paragraph", `<p>${"&amp;".repeat(300_000)}`],
    ["nested tables", "<table><tr><td>x".repeat(60_000)],
    ["nested lists", "<ul><li>x".repeat(60_000)],
    ["list items", "<li>x".repeat(100_000)],
    ["one attribute", `<p title="${"x".repeat(1_000_000)}">y`],
    ["open headings", "<h1>x".repeat(60_000)],
    ["unclosed comment", `y<!--${"-".repeat(1_000_000)}`],
  ])("survives hostile HTML: %s", async (_, html) => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { text } = await htmlReader().read(readerInput("hostile.html", `${html} <p>the end`));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(2);
    expect(text.text.endsWith(html.startsWith("y<!--") ? "y" : "the end")).toBe(true);
  });

  it("stops when aborted, and the next page is read all the same", async () => {
    const controller = new AbortController();
    const page = `<article>${"<p>Some words, and more, of it. </p>".repeat(20_000)}</article>`;
    const reading = htmlReader().read(readerInput("a.html", page), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(reading).rejects.toThrow("enough");
    expect((await htmlReader().read(readerInput("b.html", "<p>Hello there"))).text.text).toBe("Hello there");
  });
});
