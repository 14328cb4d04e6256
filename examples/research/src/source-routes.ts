import { Hono } from "hono";
import type { Sources } from "./open-sources.js";
import type { WirePassage } from "./wire.js";

/** Characters shown around a citation, on either side. */
const around = 1200;

/** `GET /passage` gives the text around a citation, `GET /source` a whole source: of the server's own scope alone. */
export function sourceRoutes({ read }: Pick<Sources, "read">): Hono {
  const app = new Hono();

  app.get("/passage", async (c) => {
    const { source = "", start = "", end = "" } = c.req.query();
    const [from, to] = [offsetOf(start), offsetOf(end)];
    if (from === undefined || to === undefined || to < from) {
      return c.json({ error: "start and end must be offsets in the source's text, such as start=0&end=80." }, 400);
    }
    const found = await read(source, c.req.raw.signal);
    // a source of somebody else's and one that does not exist are told in the same words
    if (found === undefined) return c.json({ error: "There is no such source." }, 404);
    const { text, source: known } = found.text;
    const [first, last] = [lineStart(text, from), lineEnd(text, to)];
    const passage: WirePassage = {
      title: known.title,
      offset: first,
      text: text.slice(first, last),
      more: [first > 0, last < text.length],
      ...(found.fetchedAt === undefined ? {} : { fetchedAt: found.fetchedAt }),
    };
    return c.json(passage);
  });

  app.get("/source", async (c) => {
    const found = await read(c.req.query("id") ?? "", c.req.raw.signal);
    if (found === undefined) return c.json({ error: "There is no such source." }, 404);
    // plain text, whatever it looks like
    return c.body(found.text.text, 200, { "content-type": "text/plain; charset=utf-8" });
  });
  return app;
}

const offsetOf = (text: string): number | undefined => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

function lineStart(text: string, at: number): number {
  const earliest = Math.max(0, at - around);
  if (earliest === 0) return 0;
  const line = text.indexOf("\n", earliest);
  return line >= 0 && line < at ? line + 1 : wholeCharacter(text, earliest);
}

function lineEnd(text: string, at: number): number {
  const latest = at + around;
  if (latest >= text.length) return text.length;
  const line = text.lastIndexOf("\n", latest);
  return line > at ? line : wholeCharacter(text, latest);
}

/** No cut within a surrogate pair. */
const wholeCharacter = (text: string, at: number): number => (/[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at);
