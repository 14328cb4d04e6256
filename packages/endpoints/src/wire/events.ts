import { ClewError } from "@clew/core";

const longestLine = 16 * 1024 * 1024;

/** The lines of a body, whole characters however the bytes were cut, without their ends. */
export async function* lines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of bytes) {
    rest += decoder.decode(piece, { stream: true });
    const found = rest.split("\n");
    rest = found.pop()!;
    if (rest.length > longestLine) throw new ClewError("model-failed", "The server sent a line of more than 16 MB.");
    for (const line of found) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
  rest += decoder.decode();
  if (rest !== "") yield rest;
}

/**
 * The data of server-sent events, one text an event.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function* serverSentEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of lines(bytes)) {
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
  }
  // servers that end without an empty line
  if (data.length > 0) yield data.join("\n");
}

/** The lines of newline-delimited JSON that hold something. */
export async function* jsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const line of lines(bytes)) if (line.trim() !== "") yield line;
}
