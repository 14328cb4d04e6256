// @ts-check
// Plain JavaScript, so that it runs from the sources and from the package alike. Runs the libraries for DOCX and XLSX,
// which work through a whole document at once.
import { Buffer } from "node:buffer";
import { parentPort } from "node:worker_threads";

if (parentPort === null) throw new Error("office.js runs as a worker only");
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
const rowsInPart = 500;

/** @typedef {{ kind: "docx" | "xlsx", bytes: Uint8Array, maxRows: number }} Request */

port.on("message", async (/** @type {Request | { taken: true }} */ request) => {
  if ("taken" in request) {
    room++;
    resume?.();
    return;
  }
  const { kind, bytes, maxRows } = request;
  const name = kind === "docx" ? "mammoth" : "read-excel-file";
  let library;
  try {
    library = kind === "docx" ? await import("mammoth") : await import("read-excel-file/node");
  } catch (error) {
    port.postMessage({ missing: name, message: error instanceof Error ? error.message : String(error) });
    return;
  }
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if ("readSheet" in library) {
      for (const { sheet, data } of await library.default(buffer)) {
        await send({ sheet, count: data.length, rows: [] });
        for (let start = 0; start < Math.min(data.length, maxRows); start += rowsInPart) {
          const rows = data.slice(start, Math.min(start + rowsInPart, maxRows));
          await send({ sheet, count: data.length, rows });
        }
      }
      port.postMessage({ done: {} });
      return;
    }
    const mammoth = library.default;
    const { value, messages } = await mammoth.convertToHtml(
      { buffer },
      {
        styleMap: ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => p:fresh"],
        // pictures are left out of the archive that comes here
        convertImage: mammoth.images.imgElement(async () => ({ src: "" })),
      },
    );
    const errors = messages.filter(({ type }) => type === "error").map(({ message }) => message);
    port.postMessage({ done: { html: value, errors } });
  } catch (error) {
    const { name: kindOf, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    port.postMessage({ failed: { name: kindOf, message } });
  }
});
