// @ts-check
// Plain JavaScript, so that it runs from the sources and from the package alike. Takes the text items off a PDF's pages.
import { parentPort } from "node:worker_threads";

if (parentPort === null) throw new Error("pdf.js runs as a worker only");
const port = parentPort;

// the other side answers each part, so that it is never handed more than a few at once
let room = 8;
/** @type {(() => void) | undefined} */
let resume;

/** @param {object} part */
async function send(part) {
  if (room === 0) await new Promise((resolve) => (resume = () => resolve(undefined)));
  room--;
  port.postMessage({ part });
}

port.on("message", async (/** @type {{ bytes: Uint8Array } | { taken: true }} */ message) => {
  if ("taken" in message) {
    room++;
    resume?.();
    return;
  }
  const { bytes } = message;
  let unpdf;
  try {
    unpdf = await import("unpdf");
  } catch (error) {
    port.postMessage({ missing: "unpdf", message: error instanceof Error ? error.message : String(error) });
    return;
  }
  let pdf;
  try {
    pdf = await unpdf.getDocumentProxy(bytes, { verbosity: 0 });
    for (let number = 1; number <= pdf.numPages; number++) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      const { width, height, transform } = page.getViewport({ scale: 1 });
      await send({ content: items, viewport: { width, height, transform } });
      page.cleanup();
    }
    let info = {};
    try {
      ({ info } = await pdf.getMetadata());
    } catch {
      // broken metadata costs only the title, for which the file name stands in
    }
    const { Title: title, Language: language } = /** @type {Record<string, unknown>} */ (info);
    port.postMessage({ done: { title: text(title), language: text(language) } });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    port.postMessage({ failed: { name, message } });
  } finally {
    await pdf?.destroy();
  }
});

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : undefined);
