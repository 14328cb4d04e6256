import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { feedbackRoute, type KeptRecord } from "./feedback-route.js";
import { keptReports } from "./kept-reports.js";
import type { OpenRuns } from "./open-runs.js";
import type { Sources } from "./open-sources.js";
import { pageRoutes } from "./page-routes.js";
import { proofRoute } from "./proof-route.js";
import { type Researching, researchRoutes } from "./research-routes.js";
import { sourceRoutes } from "./source-routes.js";
import type { About, WireError } from "./wire.js";

/** Options of {@link createApp}. */
export interface CreateAppOptions {
  researcher: Researching;
  sources: Pick<Sources, "read" | "isLive">;
  runs: OpenRuns;
  /** Where runs are recorded, so that readers can say what they think of a report. @default nowhere */
  record?: KeptRecord | undefined;
  /** What the page says of itself; `maxQuestion` is kept. */
  about: About;
  /** Hosts by which requests may name the server, without port; `any` where it stands behind one that looks. @default those of this machine */
  hosts?: readonly string[] | "any" | undefined;
  /** Told of failures that are nobody's wish. @default console.error */
  onError?: ((error: unknown) => void) | undefined;
}

const loopback = ["127.0.0.1", "localhost", "[::1]"];

/** The product as a Hono app: runs on any server that Hono has an adapter for. */
export function createApp(options: CreateAppOptions): Hono {
  const { researcher, sources, runs, record, about, hosts = loopback, onError = console.error } = options;
  const app = new Hono();
  const reports = keptReports({ most: 20 });
  const refuse = (c: Context, status: 403 | 404 | 500, error: string): Response =>
    c.json({ error } satisfies WireError, status);

  app.use(
    secureHeaders({
      // nothing but this server's own files runs, and the page can build no HTML out of text
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        connectSrc: ["'self'"],
        imgSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
      referrerPolicy: "no-referrer",
      strictTransportSecurity: false,
    }),
  );
  app.use(async (c, next) => {
    // another site's name that leads here (DNS rebinding), and another site's scripts
    const host = (c.req.header("host") ?? "").replace(/:\d+$/, "").toLowerCase();
    if (hosts !== "any" && !hosts.includes(host))
      return refuse(c, 403, `This server is not known as ${host}. Start it with --host.`);
    const site = c.req.header("sec-fetch-site") ?? "same-origin";
    if (c.req.method !== "GET" && site !== "same-origin") return refuse(c, 403, "Ask from the server's own page.");
    return next();
  });

  app.get("/health", (c) => c.json({ ok: true, runs: runs.size }));
  app.get("/about", (c) => c.json(about));
  app.route(
    "/",
    researchRoutes({ researcher, runs, reports, isLive: sources.isLive, maxQuestion: about.maxQuestion, onError }),
  );
  app.route("/", proofRoute({ reports, sources }));
  if (record !== undefined) app.route("/", feedbackRoute({ reports, record }));
  app.route("/", sourceRoutes(sources));
  app.route("/", pageRoutes());
  app.notFound((c) => refuse(c, 404, "There is no such page."));
  app.onError((error, c) => {
    onError(error);
    return refuse(c, 500, "The server failed; its output says why.");
  });
  return app;
}
