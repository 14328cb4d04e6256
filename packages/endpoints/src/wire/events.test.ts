import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonLines, lines, serverSentEvents } from "./events.js";

async function* inPieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    yield bytes.subarray(from, cut);
    from = cut;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe("events", () => {
  it("are the same wherever the bytes are cut, at every position", async () => {
    const body = 'data: {"t":"迷宮"}\r\n\r\n: comment\nevent: x\ndata: 🧵\ndata:two\n\ndata: [DONE]\n\n';
    const bytes = new TextEncoder().encode(body);
    const expected = ['{"t":"迷宮"}', "🧵\ntwo", "[DONE]"];
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await all(serverSentEvents(inPieces(bytes, [cut])))).toEqual(expected);
    }
  });

  it("lines are those of the whole text, however it is cut", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "é", "🧵", "\n", "\r\n", " ") });
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(200)), async (whole, at) => {
        const bytes = new TextEncoder().encode(whole);
        const cuts = at.filter((cut) => cut <= bytes.length).sort((a, b) => a - b);
        const expected = whole.split("\n").map((line) => line.replace(/\r$/, ""));
        if (expected.at(-1) === "") expected.pop();
        expect(await all(lines(inPieces(bytes, cuts)))).toEqual(expected);
      }),
    );
  });

  it("an event without an end at the end is one, and empty lines of JSON are none", async () => {
    const encode = (text: string) => inPieces(new TextEncoder().encode(text), []);
    expect(await all(serverSentEvents(encode("data: last")))).toEqual(["last"]);
    expect(await all(jsonLines(encode('{"a":1}\n\n  \n{"b":2}')))).toEqual(['{"a":1}', '{"b":2}']);
  });
});
