import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type AgentEvent, ClewError } from "clew";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import { secureHeaders } from "hono/secure-headers";
import { streamSSE } from "hono/streaming";
import type { Desk } from "./desk.js";
import { keptAnswers } from "./kept-answers.js";
import type { Support } from "./support.js";

const longestQuestion = 2000;
const page = new URL("../page/", import.meta.url);
const assets: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["chat.html", "text/html; charset=utf-8"],
  "/desk": ["desk.html", "text/html; charset=utf-8"],
  "/chat.js": ["chat.js", "text/javascript; charset=utf-8"],
  "/desk.js": ["desk.js", "text/javascript; charset=utf-8"],
  "/read-events.js": ["read-events.js", "text/javascript; charset=utf-8"],
  "/style.css": ["style.css", "text/css; charset=utf-8"],
};

/**
 * The server of the chat. Who is signed in is a cookie here, which `POST /sign-in` sets for anybody; put your own sessions
 * in its place, before anything else is changed.
 */
export function server(support: Support, desk: Desk): Hono {
  const app = new Hono();
  app.use(
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'self'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    }),
  );
  app.use(bodyLimit({ maxSize: 64 * 1024, onError: (context) => context.text("That is too long.", 413) }));
  const answers = keptAnswers({ most: 200 });
  for (const [path, [file, type]] of Object.entries(assets)) {
    app.get(path, async (context) =>
      context.body(await readFile(fileURLToPath(new URL(file, page)), "utf8"), 200, { "content-type": type }),
    );
  }

  app.post("/sign-in", async (context) => {
    const { customer } = await bodyOf(context);
    if (typeof customer !== "string" || !/^[a-z]{1,40}$/.test(customer)) return context.text("Not a customer.", 400);
    setCookie(context, "customer", customer, { httpOnly: true, sameSite: "Strict", path: "/" });
    return context.body(null, 204);
  });

  app.post("/chat", async (context) => {
    const customer = getCookie(context, "customer");
    if (customer === undefined) return context.text("Sign in first.", 401);
    const { question, thread } = await bodyOf(context);
    if (typeof question !== "string" || question.trim() === "" || question.length > longestQuestion) {
      return context.text(`Ask a question of 1 to ${longestQuestion} characters.`, 400);
    }
    if (typeof thread !== "string" || !/^[\w-]{1,64}$/.test(thread)) return context.text("Name the thread.", 400);
    return streamSSE(context, async (stream) => {
      const leaving = new AbortController();
      stream.onAbort(() => leaving.abort(new Error("The customer has left.")));
      const send = (event: string, data: unknown) => stream.writeSSE({ event, data: JSON.stringify(data) });
      try {
        for await (const event of support.agentOf(customer).stream(question, { thread, signal: leaving.signal })) {
          if (event.type === "done") answers.keep(customer, event.answer);
          const shown = show(event);
          if (shown !== undefined) await send(event.type, shown);
          if (event.type !== "done" || event.answer.status !== "abstained") continue;
          const { notes, evidence } = event.answer;
          const { id } = await desk.open({
            customer,
            thread,
            question,
            why: notes.map(({ message }) => message),
            found: evidence.slice(0, 3).map(({ passage: { title, text } }) => ({ title, text })),
          });
          await send("handed-over", { id });
        }
      } catch (error) {
        if (leaving.signal.aborted) return;
        console.error(error);
        await send("failed", { message: "Something went wrong here. Please ask again." });
      }
    });
  });

  // one file that checks the quotes of an answer by itself, to whoever got it
  app.get("/proof/:answer", async (context) => {
    const customer = getCookie(context, "customer");
    const answer = customer === undefined ? undefined : answers.get(customer, context.req.param("answer"));
    if (customer === undefined || answer === undefined) return context.text("This answer is not kept any more.", 404);
    const sources = await support.textsOf(customer, answer);
    const cited = new Set(answer.citations.map(({ source }) => source));
    const { html } = await answer.bundle({ sources, embed: sources.length === cited.size });
    return context.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-disposition": 'attachment; filename="answer.html"',
    });
  });

  // what customers say of an answer is appended to its record, and used for nothing else
  app.post("/feedback", async (context) => {
    const customer = getCookie(context, "customer");
    if (customer === undefined) return context.text("Sign in first.", 401);
    const { answer, verdict } = await bodyOf(context);
    if (typeof answer !== "string" || (verdict !== "right" && verdict !== "wrong")) {
      return context.text('Say { "answer": its id, "verdict": "right" or "wrong" }.', 400);
    }
    try {
      await support.agentOf(customer).feedback(answer, { verdict, consent: "record" });
    } catch (error) {
      if (ClewError.isInstance(error) && error.code === "not-found")
        return context.text("There is no such answer.", 404);
      throw error;
    }
    return context.body(null, 204);
  });

  // what persons reply, to the customer whose question it was
  app.get("/replies", (context) => {
    const customer = getCookie(context, "customer");
    const thread = context.req.query("thread");
    if (customer === undefined || thread === undefined) return context.text("Sign in first.", 401);
    return streamSSE(context, async (stream) => {
      const isMine = (one: { customer: string; thread: string }) => one.customer === customer && one.thread === thread;
      const stop = desk.watch(({ id, question, reply, ...owner }) => {
        if (reply !== undefined && isMine(owner)) {
          void stream.writeSSE({ event: "reply", data: JSON.stringify({ id, question, reply }) });
        }
      });
      await stream.writeSSE({ event: "ready", data: "{}" });
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      stop();
    });
  });

  // the desk: for your staff; put it behind their sign-in
  app.get("/handovers", (context) => context.json(desk.list()));
  app.post("/handovers/:id/reply", async (context) => {
    const { text } = await bodyOf(context);
    if (typeof text !== "string" || text.trim() === "") return context.text("Write a reply.", 400);
    const replied = await desk.reply(context.req.param("id"), text);
    return replied === undefined ? context.text("Nobody waits for this reply.", 404) : context.json(replied);
  });
  return app;
}

/** The fields of a JSON body; none where it is no such thing, which is then refused for what it lacks. */
async function bodyOf(context: Context): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await context.req.json().catch((error: unknown) => {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  });
  return typeof body === "object" && body !== null ? { ...body } : {};
}

/** What the page needs of an event: nothing that was not verified is shown as an answer. */
function show(event: AgentEvent): unknown {
  if (event.type === "query") return { source: event.source, query: event.query };
  if (event.type === "sentence") return { attempt: event.attempt, ...event.sentence };
  if (event.type !== "done") return undefined;
  const { id, status, sentences, notes, evidence } = event.answer;
  const texts = Object.fromEntries(evidence.map(({ id: key, passage }) => [key, passage]));
  return {
    id,
    status,
    notes,
    sentences: sentences.map(({ text, verdict, citations }) => ({
      text,
      verdict,
      citations: citations.map(({ evidence: key, quote, title, span }) => {
        const { text: passage, span: whole } = texts[key]!;
        return { quote, title, passage, start: span[0] - whole[0], end: span[1] - whole[0] };
      }),
    })),
  };
}
