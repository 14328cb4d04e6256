import type { WireError, WireEvent } from "../wire.js";

/** The server refused a question, and says why. */
export class Refused extends Error {}

/** The connection broke off before the run had ended. */
export class BrokenOff extends Error {}

const last: ReadonlySet<WireEvent["type"]> = new Set(["done", "stopped", "failed"]);

/**
 * Asks a question and yields what happens, to its end.
 *
 * @throws Refused, BrokenOff, TypeError where the server cannot be reached, the signal's reason
 */
export async function* askServer(question: string, signal: AbortSignal): AsyncGenerator<WireEvent, void, undefined> {
  const response = await fetch("/research", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify({ question }),
    signal,
  });
  if (!response.ok || response.body === null) {
    const said = (await response
      .json()
      .catch(() => ({ error: `The server answered ${response.status}.` }))) as WireError;
    throw new Refused(said.error);
  }
  let ended = false;
  try {
    for await (const event of eventsOf(response.body)) {
      ended ||= last.has(event.type);
      yield event;
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new BrokenOff("The stream broke off.", { cause: error });
  }
  if (!ended) throw new BrokenOff("The stream ended before the run did.");
}

/** The events of a stream: blocks of lines, `data:` holds JSON; comments are passed over. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<WireEvent, void, undefined> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let open = "";
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (open + value).split("\n\n");
      open = blocks.pop() ?? "";
      for (const block of blocks) {
        const data = block
          .split("\n")
          .filter((line) => line.startsWith("data: "))
          .map((line) => line.slice("data: ".length));
        if (data.length > 0) yield JSON.parse(data.join("\n")) as WireEvent;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
