import * as clew from "clew";
import { describe, expect, it } from "vitest";
import type { WireEvent, WirePassage } from "../src/wire.js";
import { servedModel } from "./research-mind.js";
import { eventsOf, eventually, post, serveExample } from "./serve-example.js";

const question = "Who was Otto Preminger, and which of his films are about terrorism or spies?";

/** Reads on until an event of this type comes. */
async function until(events: AsyncGenerator<WireEvent>, type: WireEvent["type"]): Promise<WireEvent> {
  for (;;) {
    const { value, done } = await events.next();
    if (done === true) throw new Error(`There is no event "${type}".`);
    if (value.type === type) return value;
  }
}

describe("POST /research", () => {
  it("streams a report, without what only the server needs", async () => {
    const { url, runs } = await serveExample();
    const response = await post(url, { question });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events: WireEvent[] = [];
    for await (const event of eventsOf(response)) events.push(event);
    const types = events.map(({ type }) => type);
    expect([types[0], types[1], types.at(-1)]).toEqual(["started", "outline", "done"]);
    const [outline, done] = [events[1]!, events.at(-1)!];
    if (outline.type !== "outline" || done.type !== "done") throw new Error("unreachable");
    for (const { id } of outline.outline.sections) {
      const own = events.filter((event) => event.type === "section" && event.section === id);
      const inner = own.map((event) => (event.type === "section" ? event.event.type : ""));
      expect(inner.indexOf("query")).toBeLessThan(inner.indexOf("hits"));
      expect(inner.indexOf("hits")).toBeLessThan(inner.indexOf("evidence"));
    }
    expect(types.filter((type) => type === "section-done")).toHaveLength(outline.outline.sections.length);
    const { report } = done;
    expect(report.status).toBe("answered");
    expect(report.markdown).toContain("Otto Ludwig Preminger");
    expect(report.references.map(({ number }) => number)).toEqual(report.references.map((_, at) => at + 1));
    expect(JSON.stringify(done)).not.toMatch(/"trace"|"evidence":\[/);
    expect(runs.size).toBe(0);
  });

  it("numbers on the page as the report does in the end", async () => {
    const { url } = await serveExample();
    const numbers: string[] = [];
    for await (const event of eventsOf(await post(url, { question }))) {
      if (event.type === "section-done" && event.section.status !== "abstained") {
        const cited = [...event.section.sentences, ...event.section.repeats].flatMap(({ citations }) => citations);
        for (const { source } of cited) if (!numbers.includes(source)) numbers.push(source);
      }
      if (event.type === "done") expect(event.report.references.map(({ source }) => source)).toEqual(numbers);
    }
    expect(numbers.length).toBeGreaterThan(1);
  });

  it.each<[string, number, unknown, RequestInit, RegExp]>([
    ["no question", 400, {}, {}, /Ask a question/],
    ["an empty one", 400, { question: "  " }, {}, /Ask a question/],
    ["what is no text", 400, { question: ["x"] }, {}, /Ask a question/],
    ["what is no JSON", 400, {}, { body: "{" }, /Ask a question/],
    ["one that is too long", 413, { question: "x".repeat(1001) }, {}, /at most 1000 characters/],
    ["a body that is too long", 413, { question: "x".repeat(100_000) }, {}, /at most 1000 characters/],
    ["a form", 415, {}, { headers: { "content-type": "text/plain" } }, /application\/json/],
    [
      "another site",
      403,
      { question },
      { headers: { "content-type": "application/json", "sec-fetch-site": "cross-site" } },
      /own page/,
    ],
  ])("refuses %s", async (_, status, body, init, said) => {
    const { url, runs } = await serveExample();
    const response = await post(url, body, init);
    expect(response.status).toBe(status);
    expect(((await response.json()) as { error: string }).error).toMatch(said);
    expect(runs.size).toBe(0);
  });

  it("makes so many reports at once and no more", async () => {
    const { server, models } = await servedModel();
    const go = server.hold();
    const { url } = await serveExample({ models, mostRuns: 1 });
    const first = eventsOf(await post(url, { question }));
    await until(first, "started");
    expect((await post(url, { question })).status).toBe(429);
    go();
    await until(first, "done");
    const again = await post(url, { question });
    expect(again.status).toBe(200);
    await again.body!.cancel();
  });
});

describe("a run is stopped, and its model's request closed,", () => {
  it("when it is told to", async () => {
    const { server, models } = await servedModel();
    server.hold();
    const { url, runs } = await serveExample({ models });
    const events = eventsOf(await post(url, { question }));
    const started = await until(events, "started");
    await eventually(() => server.open).toBe(1);
    const run = started.type === "started" ? started.run : "";
    expect((await fetch(`${url}research/${run}/stop`, { method: "POST" })).status).toBe(202);
    expect(await until(events, "stopped")).toEqual({ type: "stopped", reason: "You cancelled it." });
    expect((await events.next()).done).toBe(true);
    await eventually(() => server.open).toBe(0);
    expect(runs.size).toBe(0);
    expect((await fetch(`${url}research/${run}/stop`, { method: "POST" })).status).toBe(404);
  });

  it("when its reader leaves", async () => {
    const { server, models } = await servedModel();
    server.hold();
    const { url, runs } = await serveExample({ models });
    const leaving = new AbortController();
    const events = eventsOf(await post(url, { question }, { signal: leaving.signal }));
    await until(events, "started");
    await eventually(() => server.open).toBe(1);
    leaving.abort();
    await expect(events.next()).rejects.toThrow();
    await eventually(() => [server.open, runs.size]).toEqual([0, 0]);
  });

  it("when the server stops, which waits for it", async () => {
    const { server, models } = await servedModel();
    server.hold();
    const { url, runs, stop } = await serveExample({ models });
    const events = eventsOf(await post(url, { question }));
    await until(events, "started");
    await eventually(() => server.open).toBe(1);
    const stopping = stop("The server was stopped.");
    expect(await until(events, "stopped")).toEqual({ type: "stopped", reason: "The server was stopped." });
    await stopping;
    await eventually(() => [server.open, runs.size]).toEqual([0, 0]);
    await expect(fetch(`${url}health`)).rejects.toThrow();
  });
});

describe("GET /passage and /source", () => {
  const others = clew.rows([{ id: "secret.md", text: "The vault opens at noon." }], { id: "id", text: "text" });

  it("gives the text around a citation, at its offsets", async () => {
    const { url } = await serveExample();
    let checked = 0;
    for await (const event of eventsOf(await post(url, { question }))) {
      if (event.type !== "section-done") continue;
      for (const { source, span, quote } of event.section.sentences.flatMap(({ citations }) => citations)) {
        const query = new URLSearchParams({ source, start: String(span[0]), end: String(span[1]) });
        const { text, offset } = (await (await fetch(`${url}passage?${query}`)).json()) as WirePassage;
        expect(text.slice(span[0] - offset, span[1] - offset)).toBe(quote);
        const whole = await fetch(`${url}source?${new URLSearchParams({ id: source })}`);
        expect(whole.headers.get("content-type")).toBe("text/plain; charset=utf-8");
        expect((await whole.text()).slice(...span)).toBe(quote);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(2);
  });

  it("tells nothing of another's documents, in the words for what does not exist", async () => {
    const { url } = await serveExample({ others });
    const asked = ["secret.md", "nowhere.md", "../package.json", ""];
    const answers = await Promise.all(
      asked.flatMap((id) => [
        fetch(`${url}passage?source=${encodeURIComponent(id)}&start=0&end=5&scope=somebody-else&tenant=somebody-else`),
        fetch(`${url}source?id=${encodeURIComponent(id)}&scope=somebody-else`),
      ]),
    );
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(await answer.json()).toEqual({ error: "There is no such source." });
    }
  });

  it.each(["start=-1&end=5", "start=5&end=2", "start=a&end=b", "", "start=1e3&end=5000"])(
    "refuses %s",
    async (query) => {
      const { url } = await serveExample();
      expect((await fetch(`${url}passage?source=otto-preminger.md&${query}`)).status).toBe(400);
    },
  );
});

describe("GET /research/:run/proof", () => {
  it("gives a file that holds the report's quotes, and of other runs nothing", async () => {
    const { url } = await serveExample();
    let run = "";
    let quotes: string[] = [];
    for await (const event of eventsOf(await post(url, { question: "Who directed the film Rosebud?" }))) {
      if (event.type === "started") run = event.run;
      if (event.type === "done") {
        quotes = event.report.sections.flatMap(({ sentences }) =>
          sentences.flatMap(({ citations }) => citations.map(({ quote }) => quote)),
        );
      }
    }
    const response = await fetch(`${url}research/${run}/proof`);
    expect(response.headers.get("content-disposition")).toContain("attachment");
    const html = await response.text();
    expect(quotes.length).toBeGreaterThan(0);
    for (const quote of quotes) expect(html).toContain(JSON.stringify(quote).slice(1, 40));
    expect((await fetch(`${url}research/${run.replace(/^./, "x")}/proof`)).status).toBe(404);
  });
});

describe("POST /research/:run/feedback", () => {
  const say = (url: string, run: string, body: unknown): Promise<Response> =>
    fetch(`${url}research/${run}/feedback`, { method: "POST", body: JSON.stringify(body) });

  it("appends what a reader says to the record of the report, whose root the page has", async () => {
    const traces = clew.memoryTraces();
    const { url } = await serveExample({ traces });
    let run = "";
    let id = "";
    let root: string | undefined;
    for await (const event of eventsOf(await post(url, { question: "Who directed the film Rosebud?" }))) {
      if (event.type === "started") run = event.run;
      if (event.type === "done") ({ id, root } = event.report);
    }
    const me = clew.scope("me");
    expect(clew.verifyTrace((await traces.read(me, id))!)).toMatchObject({ code: "intact", root });
    expect((await say(url, run, { verdict: "right" })).status).toBe(204);
    expect((await say(url, run, { verdict: "wrong", correction: " Somebody else did. " })).status).toBe(204);
    expect(await traces.feedbackOf(me, id)).toMatchObject([
      { verdict: "right", consent: "record", root },
      { verdict: "wrong", consent: "record", correction: "Somebody else did." },
    ]);
    for (const [status, asked, body] of [
      [404, "nobody's", { verdict: "right" }],
      [400, run, { verdict: "fine" }],
      [400, run, null],
      [400, run, { verdict: "wrong", correction: 7 }],
      [413, run, { verdict: "wrong", correction: "x".repeat(4001) }],
      [413, run, { verdict: "wrong", correction: "x".repeat(100_000) }],
    ] as const) {
      expect((await say(url, asked, body)).status).toBe(status);
    }
    expect(await traces.feedbackOf(me, id)).toHaveLength(2);
  });

  it("is not there where no record is kept", async () => {
    const { url } = await serveExample();
    expect(await (await fetch(`${url}about`)).json()).toMatchObject({ record: false });
    expect((await say(url, "r", { verdict: "right" })).status).toBe(404);
  });
});

describe("the page", () => {
  it("may run its own files and nothing else", async () => {
    const { url } = await serveExample();
    const response = await fetch(url);
    const policy = response.headers.get("content-security-policy");
    for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(rule);
    }
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    const html = await response.text();
    expect(html).not.toMatch(/https?:\/\/|<script(?! type="module" src="\/page\/main\.js">)|style=|onclick/);
    for (const path of ["style.css", "icon.svg", "about", "health"]) {
      expect((await fetch(`${url}${path}`)).status).toBe(200);
    }
    for (const path of ["package.json", "page/..%2fmain.js", "page/nothing.js", "src/main.ts"]) {
      expect((await fetch(`${url}${path}`)).status).toBe(404);
    }
  });

  it("is not given to another site's name", async () => {
    const { url } = await serveExample();
    const { request } = await import("node:http");
    const status = await new Promise((resolve, reject) => {
      const asked = request(url, { headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.once("error", reject);
      asked.end();
    });
    expect(status).toBe(403);
  });
});
