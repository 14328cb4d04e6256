import { bundle } from "@clew/core/proof";
import { Hono } from "hono";
import type { KeptReports } from "./kept-reports.js";
import type { Sources } from "./open-sources.js";

/** Options of {@link proofRoute}. */
export interface ProofRouteOptions {
  reports: KeptReports;
  sources: Pick<Sources, "read">;
}

/** `GET /research/:run/proof`: one file with the report and its quotes, which checks them against the sources it holds. */
export function proofRoute({ reports, sources }: ProofRouteOptions): Hono {
  const app = new Hono();
  app.get("/research/:run/proof", async (c) => {
    const { signal } = c.req.raw;
    const report = reports.get(c.req.param("run"));
    if (report === undefined) return c.json({ error: "This report is not kept any more: make it again." }, 404);
    const texts = await Promise.all(report.references.map(({ source }) => sources.read(source, signal)));
    const known = texts.flatMap((one) => (one === undefined ? [] : [one.text]));
    // where a source is gone since, the quotes can still be checked against a copy that somebody has
    const embed = known.length === report.references.length;
    const { html } = await bundle(report, { sources: known, embed, signal });
    // a file to keep, not a page of this server
    return c.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-disposition": 'attachment; filename="proof.html"',
    });
  });
  return app;
}
