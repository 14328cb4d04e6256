// @ts-check
// Plain JavaScript, so that it runs from the sources and from the package alike. Finds the main content of a page.
import { parentPort } from "node:worker_threads";

if (parentPort === null) throw new Error("main-content.js runs as a worker only");
const port = parentPort;

const loaded = await load();

async function load() {
  let name = "linkedom";
  try {
    const { parseHTML } = await import("linkedom");
    name = "@mozilla/readability";
    const { Readability } = await import("@mozilla/readability");
    return { parseHTML, Readability };
  } catch (error) {
    return { missing: name, message: error instanceof Error ? error.message : String(error) };
  }
}

port.on("message", (/** @type {{ id: number, html: string }} */ { id, html }) => {
  if ("missing" in loaded) {
    port.postMessage({ id, missing: loaded.missing, message: loaded.message });
    return;
  }
  try {
    // tags that HTML lets an author omit, and linkedom does not add
    const whole = /<html[\s>]/i.test(html) ? html : `<!doctype html><html><head></head><body>${html}</body></html>`;
    const { document } = loaded.parseHTML(whole);
    const article = new loaded.Readability(document).parse();
    port.postMessage({
      id,
      article:
        article === null || article === undefined
          ? null
          : {
              html: article.content ?? "",
              title: article.title ?? "",
              byline: article.byline ?? "",
              site: article.siteName ?? "",
              published: article.publishedTime ?? "",
            },
    });
  } catch (error) {
    // a page that breaks the parser is read whole instead; the note says so
    port.postMessage({ id, failed: error instanceof Error ? error.message : String(error) });
  }
});
