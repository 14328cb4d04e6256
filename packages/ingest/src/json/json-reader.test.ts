import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readerInput, spansOf } from "../test-support/reader-input.js";
import { jsonParts } from "./json-parts.js";
import { type JsonReaderOptions, jsonReader } from "./json-reader.js";

const read = (content: unknown, options: JsonReaderOptions = {}, name = "data.json") =>
  jsonReader(options).read(readerInput(name, typeof content === "string" ? content : JSON.stringify(content, null, 2)));

describe("jsonReader", () => {
  it("makes a block of dotted paths of each record", async () => {
    const { text, notes } = await read([
      { id: 1, user: { name: "Ada", tags: ["x", "y"] }, items: [{ n: 1 }, { n: 2 }], none: null },
      { id: 2, ok: false, zero: 0 },
      "plain",
    ]);
    expect(spansOf(text).blocks).toEqual([
      "id: 1\nuser.name: Ada\nuser.tags: x, y\nitems.0.n: 1\nitems.1.n: 2",
      "id: 2\nok: false\nzero: 0",
      "plain",
    ]);
    expect(notes).toEqual([]);
  });

  it("takes records, text, titles and metadata by path", async () => {
    const data = {
      meta: { count: 2 },
      data: {
        "the.list": [],
        list: [
          { head: "One", body: "First text.", year: 2020, tags: ["a"] },
          { head: "Two", body: "Second text.", year: 2021, tags: ["a", "b"] },
        ],
      },
    };
    const { text } = await read(data, {
      records: "data.list",
      text: ["body"],
      title: "head",
      metadata: ["year", "tags"],
    });
    expect(text.text).toBe("One\n\nFirst text.\n\nTwo\n\nSecond text.");
    expect(spansOf(text).headings).toEqual(["One", "Two"]);
    expect(text.source.metadata).toEqual({ year: [2020, 2021], tags: ["a", "b"] });
    const single = await read({ title: "Note", body: "Text", year: 2020 }, { metadata: ["year"] });
    expect(single.text.source).toMatchObject({ title: "Note", metadata: { year: 2020 } });
    await expect(read(data, { records: "data.nothing" })).rejects.toMatchObject({
      code: "unreadable-source",
      message: /nothing/,
    });
    await expect(read(data, { records: "data.list", text: ["nobody"] })).rejects.toMatchObject({ message: /nobody/ });
  });

  it("skips and names broken lines of JSON Lines", async () => {
    const { text, notes } = await read('{"a":1}\n{broken\n\n{"a":2}\n', {}, "log.jsonl");
    expect(spansOf(text).blocks).toEqual(["a: 1", "a: 2"]);
    expect(notes).toMatchObject([{ code: "source-skipped", message: /Line 2 of log.jsonl/ }]);
    const many = await read(`{"a":1}\n${"x\n".repeat(100)}`, {}, "log.ndjson");
    expect(many.notes).toMatchObject([{ code: "source-skipped", message: /100 lines/ }]);
    await expect(read("x\ny\n", {}, "log.jsonl")).rejects.toMatchObject({ code: "unreadable-source" });
    expect((await read('{"a":1}\n{"a":2}')).notes).toMatchObject([{ code: "guessed" }]);
  });

  it("names the line where a file stops being JSON", async () => {
    for (const [broken, line] of [
      ['[\n{"a": 1},\n{"a": oops}]', 3],
      ["[1,\n2\n3]", 3],
      ["[1,\n2", 2],
      ["[1]\n\nx", 3],
      ["[1,\n]", 2],
      ['[{"a": "never\n', 1],
      ["[[[[", 1],
    ] as const) {
      await expect(read(broken)).rejects.toMatchObject({
        code: "unreadable-source",
        message: new RegExp(`line ${line} `),
      });
    }
    await expect(read("[]")).rejects.toMatchObject({ code: "unreadable-source" });
  });

  it("finds the parts of any JSON text where JSON.parse finds them", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())),
        fc.constantFrom(0, 1),
        async (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          const parts: [string | undefined, unknown][] = [];
          for await (const { key, start, end } of jsonParts(text, 0, undefined))
            parts.push([key, JSON.parse(text.slice(start, end))]);
          const expected = Array.isArray(value) ? value.map((one) => [undefined, one]) : Object.entries(value);
          expect(JSON.stringify(parts)).toBe(JSON.stringify(expected));
        },
      ),
    );
  });

  it("reads a large file while other work runs", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const { text } = await read(
      JSON.stringify(Array.from({ length: 60_000 }, (_, id) => ({ id, text: "some words of text" }))),
    );
    clearInterval(timer);
    expect(text.blocks).toHaveLength(60_000);
    expect(turns).toBeGreaterThan(5);
  });

  it("refuses a record nested beyond reason, and names its line", async () => {
    const deep = `[1,\n{"a":${"[".repeat(5000)}{"b":1}${"]".repeat(5000)}}]`;
    await expect(read(deep)).rejects.toMatchObject({ code: "unreadable-source", message: /line 2 .*64 levels/ });
  });

  it("refuses options that cannot be meant, and carries the others in its id", () => {
    expect(() => jsonReader({ text: [] })).toThrow(/text/);
    expect(() => jsonReader({ title: "" })).toThrow(/title/);
    expect(jsonReader({ text: ["a"] }).id).not.toBe(jsonReader().id);
  });
});
