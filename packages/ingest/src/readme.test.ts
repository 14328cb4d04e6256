import { readFile } from "node:fs/promises";
import type { Reader } from "@clew/core";
import { aSourceText, scriptedModel, testReader } from "@clew/core/testing";
import { splitter } from "@clew/core/text";
import { describe, expect, it } from "vitest";
import { contextFile, decodeText, defaultReaders, enriched, files, rows, sourceOf, textBuilder } from "./index.js";
import { temporaryFolder } from "./test-support/temporary-folder.js";

// #region reader
const subtitles: Reader = {
  id: "srt@1",
  mediaTypes: ["application/x-subrip"],
  extensions: [".srt"],
  async read(input, { signal } = {}) {
    const { text, notes } = await decodeText(input.bytes, { name: input.name, expected: "subtitles", signal });
    const builder = textBuilder();
    for (const cue of text.split(/\n{2,}/)) builder.block(cue.split("\n").slice(2).join("\n"));
    return { text: builder.build({ source: sourceOf(input) }), notes };
  },
};
// #endregion

const srt = "1\n00:00:01,000 --> 00:00:02,000\nWho goes there?\n\n2\n00:00:03,000 --> 00:00:04,000\nA friend.\n";

describe("README", () => {
  it("shows the lines that are tested here", async () => {
    const own = await readFile(new URL("readme.test.ts", import.meta.url), "utf8");
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].flatMap(([, code = ""]) => code.split("\n"));
    const tested = new Set(own.split("\n").map((line) => line.trim()));
    const shown = examples.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("import "));
    expect(shown.length).toBeGreaterThan(15);
    expect(shown.filter((line) => !tested.has(line))).toEqual([]);
  });

  it("contexts", async () => {
    const folder = await temporaryFolder({});
    const model = scriptedModel({ answers: () => "Of the yearly report." });
    const byRules = enriched(splitter({ tokens: 150 }), { rules: ["lead", { metadata: "year" }] });
    const byModel = enriched(splitter({ tokens: 150 }), { model, cache: contextFile(`${folder}/contexts.jsonl`) });
    const text = aSourceText({ text: "Sales rose.", metadata: { year: 2023 } });
    expect(await byRules.split(text)).toMatchObject([{ text: "Sales rose.", context: "year: 2023." }]);
    expect(await byModel.split(text)).toMatchObject([{ text: "Sales rose.", context: "Of the yearly report." }]);
  });

  it("first example", async () => {
    const folder = await temporaryFolder({
      "handbook/a/b.md": "# Leave\n\n30 days.",
      "notes/x.txt": "x",
      "notes/e.md": "",
    });
    const said: string[] = [];
    const console = { log: (line: string) => said.push(line) };
    const handbook = files(["handbook/**/*.md", "notes"], { cwd: folder });
    for await (const input of handbook) {
      if (input.id === "notes/e.md") continue; // an empty file throws when it is read
      if ("failed" in input) console.log(`${input.id}: ${input.failed.message}`);
      else {
        const { text } = await input.read({});
        console.log(`${input.id}: ${text.source.title}, ${text.headings.length} headings`);
      }
    }
    expect(said).toEqual(["handbook/a/b.md: Leave, 1 headings", "notes/x.txt: x, 0 headings"]);

    const orders = rows([{ id: 17, customer: "Ada", note: "Deliver on Monday." }], {
      id: "id",
      prefix: "orders/",
      text: "note",
    });
    for await (const input of orders) expect(input.id).toBe("orders/17");
  });

  it("a reader of one's own", async () => {
    const folder = await temporaryFolder({ "film.srt": srt });
    const films = files(folder, { readers: [subtitles, ...defaultReaders()] });
    for await (const input of films) {
      if (!("read" in input)) throw new Error(input.failed.message);
      const { text } = await input.read({});
      expect(text.text).toBe("Who goes there?\n\nA friend.");
      expect(input.version).toMatch(/^srt@1:/);
    }
  });
});

testReader({
  reader: subtitles,
  samples: [
    {
      name: "film.srt",
      mediaType: "application/x-subrip",
      bytes: new TextEncoder().encode(srt),
      contains: ["Who goes there?", "A friend."],
    },
  ],
  broken: [{ name: "empty.srt", bytes: new Uint8Array() }],
});
