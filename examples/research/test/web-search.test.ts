import { describe, expect, it } from "vitest";
import { searxng } from "../src/web-search.js";
import type { WireEvent } from "../src/wire.js";
import { searchServer } from "./search-server.js";
import { eventsOf, eventually, post, serveExample } from "./serve-example.js";

const quill = {
  title: "Zephyrine Quill",
  url: "https://maps.example/quill",
  content: "Zephyrine Quill was a cartographer of Vellmar, who drew the river in 1802.",
};
const question = "Who was the cartographer Zephyrine Quill of Vellmar?";
const { signal } = new AbortController();

describe("searxng", () => {
  it("asks for JSON, and keeps what has a text and leads to a web page", async () => {
    const { url, asked } = await searchServer({
      results: [
        quill,
        { ...quill, url: "javascript:alert(1)" },
        { ...quill, url: 7 },
        { ...quill, content: "  " },
        { ...quill, title: "" },
        null as never,
      ],
    });
    for (const address of [url, `${url}/`]) {
      const found = await searxng(address)("rivers & maps", { signal });
      expect(found).toEqual([
        { title: "Zephyrine Quill", uri: quill.url, text: quill.content },
        { title: quill.url, uri: quill.url, text: quill.content },
      ]);
    }
    expect(asked.map(({ pathname }) => pathname)).toEqual(["/search", "/search"]);
    expect([asked[0]!.searchParams.get("q"), asked[0]!.searchParams.get("format")]).toEqual(["rivers & maps", "json"]);
  });

  it("says what it was refused with, and that a page is no list", async () => {
    const { url } = await searchServer({
      results: "none" as never,
      fault: (index, response) => {
        if (index > 0) return false;
        response.writeHead(429, { "retry-after": "7" }).end("slow down");
        return true;
      },
    });
    await expect(searxng(url)("x", { signal })).rejects.toMatchObject({ status: 429 });
    await expect(searxng(url)("x", { signal })).rejects.toThrow(/no list of results/);
    expect(() => searxng("file:///etc")).toThrow(/--web/);
  });

  it("closes its request when it is told to", async () => {
    let closed = false;
    const { url, asked } = await searchServer({
      results: [],
      fault: (_, response) => {
        response.on("close", () => {
          closed = true;
        });
        return true;
      },
    });
    const leaving = new AbortController();
    const searching = searxng(url)("x", { signal: leaving.signal });
    await eventually(() => asked.length).toBe(1);
    leaving.abort(new Error("gone"));
    await expect(searching).rejects.toThrow("gone");
    await eventually(() => closed).toBe(true);
  });
});

async function report(web: string): Promise<{ events: WireEvent[]; done: Extract<WireEvent, { type: "done" }> }> {
  const { url } = await serveExample({ web: searxng(web), sections: 2 });
  const events: WireEvent[] = [];
  for await (const event of eventsOf(await post(url, { question }))) events.push(event);
  const done = events.at(-1)!;
  if (done.type !== "done") throw new Error(JSON.stringify(done));
  const live = done.report.references.find((one) => one.live);
  if (live !== undefined) {
    const cited = done.report.sections.flatMap(({ sentences }) => sentences.flatMap(({ citations }) => citations));
    const { span, quote } = cited.find(({ source }) => source === live.source)!;
    const query = new URLSearchParams({ source: live.source, start: String(span[0]), end: String(span[1]) });
    const passage = await (await fetch(`${url}passage?${query}`)).json();
    expect(passage.text.slice(span[0] - passage.offset, span[1] - passage.offset)).toBe(quote);
    expect(passage.fetchedAt).toBeGreaterThan(0);
  }
  return { events, done };
}

describe("the web beside the documents", () => {
  it("is cited as what it is, though the search misbehaves once", async () => {
    const { url } = await searchServer({
      results: [quill],
      fault: (index, response) => {
        if (index > 0) return false;
        response.writeHead(503, { "retry-after": "0" }).end();
        return true;
      },
    });
    const { events, done } = await report(url);
    expect(done.report.references.find((one) => one.live)).toMatchObject({ title: quill.title, uri: quill.url });
    expect(done.report.references.filter((one) => !one.live).every(({ source }) => source.endsWith(".md"))).toBe(true);
    expect(JSON.stringify(events)).toContain('"code":"retried"');
    const shown = events.flatMap((one) => (one.type === "section" && one.event.type === "evidence" ? [one.event] : []));
    expect(new Set(shown.map(({ evidence }) => evidence.live))).toEqual(new Set([true, false]));
  });

  it("may fail for good: the documents are read all the same, and a note says so", async () => {
    const { url } = await searchServer({
      results: [],
      fault: (_, response) => {
        response.writeHead(200, { "content-type": "text/html" }).end("<html>");
        return true;
      },
    });
    const { events, done } = await report(url);
    expect(done.report.references.some((one) => one.live)).toBe(false);
    const notes = events.flatMap((one) => (one.type === "note" ? [one.note.message] : []));
    const inner = events.flatMap((one) =>
      one.type === "section" && one.event.type === "note" ? [one.event.note.message] : [],
    );
    expect([...notes, ...inner].join("\n")).toMatch(/"?web"? failed/);
  });
});
