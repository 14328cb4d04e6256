import { ClewError, type ClewErrorCode } from "@clew/core";

/** Takes the bytes of a streamed body in pieces and gives back the JSON values that are complete. */
export interface JsonEvents {
  push(bytes: Uint8Array): unknown[];
  /**
   * What is left when the body is over.
   *
   * @throws ClewError `model-failed` when it ends inside of a value or a character
   */
  end(): unknown[];
  /** Whether the sign that nothing follows (`[DONE]`) has come. */
  readonly done: boolean;
}

/** A value that is spread over lines is given up beyond this, in UTF-16 code units. */
const longest = 4_000_000;

/**
 * Reads server-sent events (`data: {…}`), JSON lines, and one JSON value over several lines, wherever the pieces were
 * cut: within a line, a value or a character. What a server sends beside data (comments, `event:`, `id:`) is passed over.
 *
 * @param failed code of its errors
 */
export function jsonEvents(failed: ClewErrorCode = "model-failed"): JsonEvents {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest: string[] = [];
  let open = "";
  let done = false;

  const read = (line: string): unknown[] => {
    const trimmed = line.trim();
    if (trimmed === "") return [];
    if (open === "" && /^(?::|event:|id:|retry:)/.test(trimmed)) return [];
    const isEvent = open === "" && trimmed.startsWith("data:");
    const body = isEvent ? trimmed.slice("data:".length).trim() : `${open}${open === "" ? "" : "\n"}${trimmed}`;
    if (body === "") return [];
    if (body === "[DONE]") {
      done = true;
      return [];
    }
    try {
      const value: unknown = JSON.parse(body);
      open = "";
      return [value];
    } catch (cause) {
      // only what is no event may go on in the next line
      if (isEvent || !/^[{["]/.test(body) || body.length > longest) throw notJson(failed, cause);
      open = body;
      return [];
    }
  };
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw new ClewError(failed, "The endpoint's answer is not UTF-8.", { cause });
    }
  };
  const take = (text: string): unknown[] => {
    const lines = text.split("\n");
    if (lines.length === 1) {
      rest.push(text);
      return [];
    }
    lines[0] = rest.join("") + lines[0]!;
    rest = [lines.pop()!];
    return lines.flatMap(read);
  };
  return {
    get done() {
      return done;
    },
    push: (bytes) => take(decode(bytes)),
    end: () => {
      const values = take(`${decode()}\n`);
      if (open !== "") throw notJson(failed);
      return values;
    },
  };
}

const notJson = (failed: ClewErrorCode, cause?: unknown): ClewError =>
  new ClewError(failed, "The endpoint's answer ended inside of a JSON value, or is no JSON.", { cause });
