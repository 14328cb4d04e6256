import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readerInput, spansOf } from "../test-support/reader-input.js";
import { markdownReader } from "./markdown-reader.js";

const read = (content: string, name = "guide.md") => markdownReader().read(readerInput(name, content));

describe("markdownReader", () => {
  it("finds headings of both kinds with their lines, and no others", async () => {
    const { text } = await read(
      [
        "# The **bold** [guide](https://x.org/a_(b)) #",
        "",
        "Intro text",
        "==========",
        "",
        "- item",
        "---",
        "",
        "```sh",
        "# no heading",
        "```",
        "",
        "    # code",
        "#hashtag",
        "",
        "Second part",
        "---",
        "####### seven",
        "### `code` and \\*stars\\*",
      ].join("\n"),
    );
    const spans = spansOf(text);
    expect(text.headings.map(({ level, text }) => [level, text])).toEqual([
      [1, "The bold guide"],
      [1, "Intro text"],
      [2, "Second part"],
      [3, "code and *stars*"],
    ]);
    expect(spans.headings).toEqual([
      "# The **bold** [guide](https://x.org/a_(b)) #",
      "Intro text\n==========",
      "Second part\n---",
      "### `code` and \\*stars\\*",
    ]);
    expect(spans.blocks).toEqual(["```sh\n# no heading\n```"]);
  });

  it("keeps tables and fences together, an unclosed fence to the end", async () => {
    const { text } = await read("a | b\n--- | ---\n1 | 2\n3 | 4\n\ntext | more\n\n~~~\nlast\n# still code\n");
    expect(spansOf(text).blocks).toEqual(["a | b\n--- | ---\n1 | 2\n3 | 4", "~~~\nlast\n# still code"]);
    expect(text.headings).toEqual([]);
  });

  it("turns front matter into metadata and keeps every line number of the file", async () => {
    const file =
      "---\ntitle: Annual report\nyear: 2023\ntags: [audit, board]\nauthor:\n  name: Ada\nlang: en-GB\n---\n# Other\n\nText on line 11\n";
    const { text, notes } = await read(file);
    expect(text.source).toMatchObject({
      title: "Annual report",
      metadata: { year: 2023, tags: ["audit", "board"], "author.name": "Ada" },
    });
    expect(text.language).toBe("en-GB");
    expect(notes).toEqual([]);
    for (const needle of ["# Other", "Text on line 11"]) {
      expect(text.text.slice(0, text.text.indexOf(needle)).split("\n").length).toBe(
        file.slice(0, file.indexOf(needle)).split("\n").length,
      );
    }
    expect(text.text).not.toContain("Annual");
  });

  it("any text after any front matter stays on its line", async () => {
    const line = fc.stringMatching(/^[a-z #`|=-]{0,8}$/);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5 }), fc.array(line), async (fields, lines) => {
        const front = ["---", ...Array.from({ length: fields }, (_, index) => `f${index}: ${index}`), "---"];
        const file = [...front, ...lines, "end"].join("\n");
        const { text } = await read(file);
        spansOf(text);
        expect(text.text.split("\n").slice(front.length)).toEqual(file.split("\n").slice(front.length));
        expect(text.text.split("\n").length).toBe(file.split("\n").length);
      }),
    );
  });

  it("leaves a rule at the top alone, and reports front matter that is broken or not flat", async () => {
    expect((await read("---\nJust prose.\n---\nmore")).text.text).toBe("---\nJust prose.\n---\nmore");
    const broken = await read("---\ntitle: [a\n---\nBody");
    expect(broken.notes).toMatchObject([{ code: "source-skipped", message: /not valid YAML/ }]);
    expect(broken.text.text).toBe("\n\n\nBody");
    const nested = await read("---\nlist:\n  - a: 1\nok: yes\n---\nBody");
    expect(nested.notes).toMatchObject([{ code: "source-skipped", detail: { fields: ["list"] } }]);
    const bomb = await read(
      `---\na: &a [x,x,x,x]\n${"bcdefgh"
        .split("")
        .map((k, i) => `${k}: &${k} [${`*${"abcdefg"[i]},`.repeat(9)}]`)
        .join("\n")}\n---\nBody`,
    );
    expect(bomb.text.text).toContain("Body");
    expect(bomb.notes).toMatchObject([{ code: "source-skipped" }]);
  });

  it("takes its title from front matter, else the first h1, else the file", async () => {
    expect((await read("## Low\n\n# High\n\ntext")).text.source.title).toBe("High");
    expect((await read("text only", "my notes.md")).text.source.title).toBe("my notes");
  });

  it("is linear on hostile lines", async () => {
    for (const hostile of [
      "*".repeat(200_000),
      `# ${"[".repeat(200_000)}`,
      "> ".repeat(100_000),
      `${"- ".repeat(100_000)}\n---`,
      "|-".repeat(100_000),
      "a|b\n".repeat(100_000),
    ]) {
      expect((await read(hostile)).text.text.length).toBeGreaterThan(100);
    }
  });
});
