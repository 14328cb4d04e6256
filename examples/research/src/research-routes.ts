import type { ResearchEvent } from "clew";
import { ClewError } from "clew";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { streamSSE } from "hono/streaming";
import type { KeptReports } from "./kept-reports.js";
import type { OpenRuns } from "./open-runs.js";
import { toWire } from "./to-wire.js";
import type { WireEvent } from "./wire.js";

/** What the routes need of a researcher. */
export interface Researching {
  stream(question: string, options: { signal: AbortSignal }): AsyncIterable<ResearchEvent>;
}

/** Options of {@link researchRoutes}. */
export interface ResearchRoutesOptions {
  researcher: Researching;
  runs: OpenRuns;
  reports: KeptReports;
  isLive(source: string): boolean;
  /** Longest question, in UTF-16 code units. */
  maxQuestion: number;
  /** Told of failures that are nobody's wish. */
  onError(error: unknown): void;
}

const refuse = (c: Context, status: 400 | 404 | 413 | 415 | 429, error: string): Response => c.json({ error }, status);

/** Comments keep proxies from closing a stream on which a slow model says nothing. */
const heartbeatMs = 15_000;

/** `POST /research` streams a run; `POST /research/:run/stop` stops it, and so does leaving. */
export function researchRoutes({
  researcher,
  runs,
  reports,
  isLive,
  maxQuestion,
  onError,
}: ResearchRoutesOptions): Hono {
  const app = new Hono();
  const limit = bodyLimit({
    maxSize: 4 * maxQuestion + 1024,
    onError: (c) => refuse(c, 413, `The question is too long: at most ${maxQuestion} characters.`),
  });

  app.post("/research", limit, async (c) => {
    // a form of another site cannot send this type without being asked first
    if (!/^application\/json\b/.test(c.req.header("content-type") ?? "")) {
      return refuse(c, 415, 'Send JSON: { "question": "…" }, with content-type application/json.');
    }
    const body: unknown = await c.req.json().catch(() => undefined);
    const question = (body as { question?: unknown } | null | undefined)?.question;
    if (typeof question !== "string" || question.trim() === "") {
      return refuse(c, 400, 'Ask a question: { "question": "…" }.');
    }
    if (question.length > maxQuestion) {
      return refuse(c, 413, `The question is too long: at most ${maxQuestion} characters.`);
    }
    const run = runs.begin();
    if (run === undefined) return refuse(c, 429, "Other reports are being made. Try again when one of them is done.");

    return streamSSE(c, async (stream) => {
      stream.onAbort(() => run.stop("The reader left."));
      const send = (event: WireEvent): Promise<void> =>
        stream.writeSSE({ event: event.type, data: JSON.stringify(event) });
      const heartbeat = setInterval(() => void stream.write(": still working\n\n"), heartbeatMs);
      try {
        await send({ type: "started", run: run.id });
        for await (const event of researcher.stream(question.trim(), { signal: run.signal })) {
          if (event.type === "done") reports.keep(run.id, event.report);
          const told = toWire(event, isLive);
          if (told !== undefined) await send(told);
        }
      } catch (error) {
        if (run.signal.aborted) await send({ type: "stopped", reason: (run.signal.reason as Error).message });
        else {
          onError(error);
          const message = ClewError.isInstance(error) ? error.message : "The run failed; the server's output says why.";
          await send({ type: "failed", message });
        }
      } finally {
        clearInterval(heartbeat);
        run.end();
      }
    });
  });

  app.post("/research/:run/stop", (c) =>
    runs.stop(c.req.param("run"), "You cancelled it.")
      ? c.body(null, 202)
      : refuse(c, 404, "No such run is open: it has ended already."),
  );
  return app;
}
