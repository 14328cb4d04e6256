import { breathe } from "../event-loop.js";

/** One element of an array or member of an object, by its place in the text. */
export interface JsonPart {
  /** Name of the member; undefined for an element. */
  readonly key: string | undefined;
  /** Offset of the value's first character. */
  readonly start: number;
  /** Offset after its last character. */
  readonly end: number;
}

/** Where a text stops being JSON. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";

  constructor(
    message: string,
    /** In UTF-16 code units. */
    readonly offset: number,
  ) {
    super(message);
  }
}

const perTurn = 1 << 16; // code units looked at before other work may run

/**
 * Finds the parts of the array or object that begins at `start`, without parsing them, so that a large file can be
 * parsed part by part. Ends after the closing bracket; what a part holds is for `JSON.parse` to judge.
 *
 * @returns by the generator's return value, the offset after the closing bracket
 * @throws JsonSyntaxError
 */
export async function* jsonParts(
  text: string,
  start: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<JsonPart, number, undefined> {
  const isObject = text[start] === "{";
  if (!isObject && text[start] !== "[") throw new JsonSyntaxError("an array or object was expected", start);
  const close = isObject ? "}" : "]";
  let at = skipSpace(text, start + 1);
  let rested = start;
  if (text[at] === close) return at + 1;
  for (;;) {
    let key: string | undefined;
    if (isObject) {
      if (text[at] !== '"') throw new JsonSyntaxError("a member's name in quotes was expected", at);
      const end = endOfString(text, at);
      key = String(parse(text, at, end));
      at = skipSpace(text, end);
      if (text[at] !== ":") throw new JsonSyntaxError('":" was expected', at);
      at = skipSpace(text, at + 1);
    }
    const scan = scanValue(text, at);
    let step = scan.next();
    while (step.done !== true) {
      await breathe(signal);
      step = scan.next();
    }
    const end = step.value;
    if (end === at) throw new JsonSyntaxError("a value was expected", at);
    yield { key, start: at, end };
    if (end - rested > perTurn) {
      rested = end;
      await breathe(signal);
    }
    at = skipSpace(text, end);
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new JsonSyntaxError(at >= text.length ? "it ends too early" : '"," was expected', at);
    at = skipSpace(text, at + 1);
  }
}

/** Parses one part. @throws JsonSyntaxError */
export function parse(text: string, start: number, end: number): unknown {
  try {
    return JSON.parse(text.slice(start, end));
  } catch (cause) {
    throw new JsonSyntaxError(cause instanceof Error ? cause.message : String(cause), start);
  }
}

/** The offset of the first character that is no white space. */
export function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && " \t\n\r".includes(text[at]!)) at++;
  return at;
}

/** Yields now and then while it looks for the end of a value. */
function* scanValue(text: string, start: number): Generator<undefined, number, undefined> {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== "{" && first !== "[") {
    let end = start;
    while (end < text.length && /[\w+.-]/.test(text[end]!)) end++;
    return end;
  }
  const marks = /["{}[\]]/g;
  let depth = 0;
  let rested = start;
  marks.lastIndex = start;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    if (mark[0] === '"') marks.lastIndex = endOfString(text, mark.index);
    else if (mark[0] === "{" || mark[0] === "[") depth++;
    else if (--depth === 0) return mark.index + 1;
    if (mark.index - rested > perTurn) {
      rested = mark.index;
      yield;
    }
  }
  throw new JsonSyntaxError("it ends too early", text.length);
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; ) {
    const end = text.indexOf('"', at);
    if (end === -1) throw new JsonSyntaxError("a text in quotes is never closed", start);
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}
