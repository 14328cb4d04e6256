import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";

const types = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
} as const;

/** The example's folder: this module lies in `src` and, compiled, in `dist`. */
const base = fileURLToPath(new URL("..", import.meta.url));

/** The page's modules, as tsc writes them. */
const modules = [
  "main",
  "dom",
  "feedback-view",
  "read-stream",
  "report-view",
  "section-view",
  "sentence-view",
  "source-panel",
  "status-view",
  "trail-view",
] as const;

const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  "/": ["page/index.html", types.html],
  "/style.css": ["page/style.css", types.css],
  "/icon.svg": ["page/icon.svg", types.svg],
  ...Object.fromEntries(modules.map((name) => [`/page/${name}.js`, [`dist/page/${name}.js`, types.js] as const])),
};

/** The page: these files and no others, read once. */
export function pageRoutes(): Hono {
  const app = new Hono();
  for (const [path, [file, type]] of Object.entries(files)) {
    const content = readFileSync(`${base}${file}`, "utf8");
    app.get(path, (c) => c.body(content, 200, { "content-type": type, "cache-control": "no-cache" }));
  }
  return app;
}
