import type { Scope, TraceStore } from "clew";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { KeptReports } from "./kept-reports.js";

/** Where the record is kept, and whose it is. */
export interface KeptRecord {
  readonly traces: Pick<TraceStore, "feedback">;
  readonly scope: Scope;
}

/** Options of {@link feedbackRoute}. */
export interface FeedbackRouteOptions {
  reports: KeptReports;
  record: KeptRecord;
}

const longestCorrection = 4000;
const verdicts = ["right", "partly", "wrong"] as const;
const refuse = (c: Context, status: 400 | 404 | 413, error: string): Response => c.json({ error }, status);

/** `POST /research/:run/feedback` appends what a reader says of a report to its record; it is used for nothing else. */
export function feedbackRoute({ reports, record: { traces, scope } }: FeedbackRouteOptions): Hono {
  const app = new Hono();
  const tooLong = `The correction is too long: at most ${longestCorrection} characters.`;
  const limit = bodyLimit({ maxSize: 4 * longestCorrection + 1024, onError: (c) => refuse(c, 413, tooLong) });

  app.post("/research/:run/feedback", limit, async (c) => {
    const body: unknown = await c.req.json().catch(() => undefined);
    const said = (body ?? {}) as { readonly verdict?: unknown; readonly correction?: unknown };
    const verdict = verdicts.find((one) => one === said.verdict);
    if (verdict === undefined) return refuse(c, 400, `Say one of ${verdicts.join(", ")}: { "verdict": "right" }.`);
    const { correction = "" } = said;
    if (typeof correction !== "string") return refuse(c, 400, "The correction must be a text.");
    if (correction.length > longestCorrection) return refuse(c, 413, tooLong);
    const report = reports.get(c.req.param("run"));
    if (report === undefined) return refuse(c, 404, "This report is not kept any more: make it again.");
    await traces.feedback(
      scope,
      report.id,
      { verdict, consent: "record", ...(correction.trim() === "" ? {} : { correction: correction.trim() }) },
      { signal: c.req.raw.signal },
    );
    return c.body(null, 204);
  });
  return app;
}
