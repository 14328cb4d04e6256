import { describe, expect, it } from "vitest";
import { checkFile, type GivenFile } from "./check-file.js";
import { decodeBytes, givenText, kindOfName } from "./given-text.js";
import type { ProofJson, ProofQuote, ProofSource } from "./proof-json.js";
import { hashOfBytes, hashOfText } from "./source-hash.js";

const text = "# Crete\n\nThe labyrinth was built by Daedalus, of Athens.\n";
const quoteIn = (whole: string, exact: string, source: number, number: number): ProofQuote => {
  const start = whole.indexOf(exact);
  return {
    number,
    source,
    evidence: "E1",
    span: [start, start + exact.length],
    line: 3,
    target: { source: "s", selector: [{ type: "TextQuoteSelector", exact, prefix: "The ", suffix: ", of" }] },
  };
};

async function proofOf(...sources: readonly Partial<ProofSource>[]): Promise<Pick<ProofJson, "sources" | "quotes">> {
  const hash = await hashOfText(text);
  return {
    sources: sources.map((source) => ({ id: "docs/crete.md", title: "", bytesHash: hash, textHash: hash, ...source })),
    quotes: sources.map((_, at) => quoteIn(text, "labyrinth was built by Daedalus", at, at + 1)),
  };
}

async function fileOf(name: string, content: string): Promise<GivenFile> {
  const bytes = new TextEncoder().encode(content);
  const kind = kindOfName(name);
  const given = givenText(kind, decodeBytes(bytes)!);
  return {
    name,
    kind,
    bytesHash: await hashOfBytes(bytes),
    ...(given.exact ? { textHash: await hashOfText(given.text) } : {}),
    texts: [given],
  };
}

const short = (check: ReturnType<typeof checkFile>) =>
  check && [check.by, check.version, ...[...check.findings.values()].map(({ finding }) => finding)];

describe("checkFile", () => {
  it.each<[string, string, string, readonly string[] | undefined]>([
    ["the same file", "crete.md", text, ["hash", "same-bytes", "position"]],
    ["the same under another name", "download", text, ["hash", "same-bytes", "position"]],
    ["other line ends", "crete.md", text.replaceAll("\n", "\r\n"), ["hash", "same-text", "position"]],
    ["a line more", "Crete.MD", `New.\n${text}`, ["name", "other-version", "moved"]],
    ["another word in the quote", "crete.md", text.replace("built", "made"), ["name", "other-version", "missing"]],
    [
      "another dash in the quote",
      "crete.md",
      text.replace("was built", "was  built"),
      ["name", "other-version", "inexact"],
    ],
    ["a page made of it", "crete.html", text.replace("was built", "was  built"), ["name", "other-form", "folded"]],
    [
      "another file with the quote",
      "x.md",
      "Ah, labyrinth was built by Daedalus",
      ["quotes", "other-version", "elsewhere"],
    ],
    ["another file", "shopping.md", "Bread and honey.", undefined],
    ["another file under its name", "crete.md", "Bread and honey.", ["name", "other-version", "missing"]],
  ])("%s", async (_, name, content, expected) => {
    expect(short(checkFile(await proofOf({}), await fileOf(name, content)))).toEqual(expected);
  });

  it("of two sources of one name takes the one whose quotes stand in the file", async () => {
    const proof = await proofOf(
      { id: "a/readme.md", bytesHash: "0", textHash: "0" },
      { id: "b/readme.md", bytesHash: "1", textHash: "1" },
    );
    const other = quoteIn("Something else altogether", "Something else altogether", 0, 1);
    const check = checkFile({ ...proof, quotes: [other, proof.quotes[1]!] }, await fileOf("readme.md", text));
    expect(check).toMatchObject({ source: 1, by: "name" });
  });

  it("says nothing of a version whose hash was not told", async () => {
    const proof = await proofOf({ bytesHash: undefined, textHash: undefined });
    expect(short(checkFile(proof, await fileOf("crete.md", text)))).toEqual(["name", "unknown", "position"]);
  });

  it("folds the text of a PDF", async () => {
    const proof = await proofOf({ id: "crete.pdf", mediaType: "application/pdf", textHash: undefined, bytesHash: "0" });
    const check = checkFile(proof, await fileOf("crete.txt", text.replaceAll(" ", "\n")));
    expect(short(check)).toEqual(["name", "other-form", "folded"]);
  });
});

describe("givenText", () => {
  const of = (name: string, content: string): string => givenText(kindOfName(name), content).text;

  it("makes texts as the readers do", () => {
    expect(of("a.md", "---\ntitle: A\n---\nText")).toBe("\n\n\nText");
    expect(of("a.md", "---\nNo field here\n---\nText")).toBe("---\nNo field here\n---\nText");
    expect(of("a.csv", 'Name,"Born, in"\nAda,"1815 ""London"""\nAlan,\n')).toBe(
      'Name; Born, in\nName: Ada; Born, in: 1815 "London"\nName: Alan\n\n',
    );
    expect(of("a.tsv", "a\tb\n1\t2")).toBe("a; b\na: 1; b: 2\n");
    expect(of("a.json", '[{"a":{"b":1},"c":["x","y"],"d":null}]')).toBe("a.b: 1\nc: x, y");
    expect(of("a.jsonl", '{"a":1}\nbroken\n{"a":2}')).toBe("a: 1\n\na: 2");
  });

  it("decodes by mark, as UTF-8, else as windows-1252, and takes no binary data for a text", () => {
    expect(decodeBytes(new Uint8Array([0xff, 0xfe, 0x61, 0, 0x0d, 0, 0x0a, 0]))).toBe("a\n");
    expect(decodeBytes(new TextEncoder().encode("\ufeffe\u0301"))).toBe("é");
    expect(decodeBytes(new Uint8Array([0x61, 0xe9]))).toBe("aé");
    expect(decodeBytes(new Uint8Array([0x61, 0, 0x62]))).toBeUndefined();
  });
});
