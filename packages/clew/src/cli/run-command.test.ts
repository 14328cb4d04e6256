import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ProofJson } from "@clew/core/proof";
import { hashEmbedder, sourceInputs } from "@clew/core/testing";
import { openIndex } from "@clew/index";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AnswerJson } from "../report/answer-json.js";
import { findOnDisk } from "../testing/find-on-disk.js";
import { runCommand } from "./run-command.js";
import { processTerminal } from "./terminal.js";
import { commandScope } from "./workspace.js";

const built = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-command-"));
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs", "crete.md"), "# Crete\n\nThe labyrinth was built by Daedalus.\n");
  await writeFile(join(folder, "docs", "daedalus.md"), "# Daedalus\n\nDaedalus was born in Athens.\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function clew(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const terminal = {
    ...processTerminal(new AbortController().signal),
    environment: {},
    print: (text: string) => {
      out += `${text}\n`;
    },
    say: (text: string) => {
      err += `${text}\n`;
    },
  };
  const code = await runCommand(words, terminal);
  return { code, out, err };
}

const docs = (): string => join(folder, "docs");

describe("clew ask", () => {
  it("answers with verbatim citations, and says what was unchanged the second time", async () => {
    const first = await clew("ask", docs(), "Who built the labyrinth?", "--json");
    expect(first.err).toContain("2 added");
    expect(first.code).toBe(0);
    const answer: AnswerJson = JSON.parse(first.out);
    expect(answer.status).toBe("answered");
    const text = "# Crete\n\nThe labyrinth was built by Daedalus.\n";
    const cited = answer.citations.find(({ source }) => source.endsWith("crete.md"))!;
    expect(text.slice(cited.start, cited.end)).toBe(cited.quote);
    expect(cited).toMatchObject({ page: null, line: 3, uri: expect.stringContaining("crete.md") });
    expect(Object.keys(answer)).toEqual(["status", "text", "sentences", "citations", "notes", "usage", "hops"]);

    const second = await clew("ask", docs(), "Who built the labyrinth?");
    expect(second.err).toContain("2 unchanged");
    expect(second.out).toContain("Hop 1: ");
    expect(second.out).toContain("[1] Crete");
    expect(await readdir(docs())).toContain(".clew");
  });

  it("writes a proof as a page or as JSON, which knows the versions and not the texts", async () => {
    const [page, json] = [join(folder, "proof.html"), join(folder, "proof.json")];
    expect((await clew("ask", docs(), "Who built the labyrinth?", "--proof", page)).err).toContain(
      `The proof is in ${page}`,
    );
    expect(await readFile(page, "utf8")).toMatch(/^<!doctype html>/);
    await clew("ask", docs(), "Who built the labyrinth?", "--proof", json);
    const proof: ProofJson = JSON.parse(await readFile(json, "utf8"));
    const crete = proof.sources.find(({ id }) => id.endsWith("crete.md"))!;
    const hash = createHash("sha256")
      .update(await readFile(join(docs(), "crete.md")))
      .digest("hex")
      .slice(0, 32);
    expect(crete).toMatchObject({ title: "Crete", bytesHash: hash, textHash: hash });
    expect(JSON.stringify(proof)).not.toContain(folder);

    const lost = await clew(
      "ask",
      docs(),
      "Who built the labyrinth?",
      "--proof",
      join(folder, "nowhere", "proof.html"),
    );
    expect(lost).toMatchObject({ code: 1, err: expect.stringContaining("a folder that exists") });
  });

  it("abstains with exit code 3 where the documents do not cover the question", async () => {
    const { code, out } = await clew("ask", docs(), "What is the melting point of tungsten?");
    expect(out).toContain("No answer");
    expect(code).toBe(3);
  });

  it("reports an unreadable file by name and reason, and answers from the rest", async () => {
    await writeFile(join(docs(), "broken.pdf"), "%PDF-1.7\nthis is no PDF");
    const { code, err } = await clew("ask", docs(), "Who built the labyrinth?");
    expect(err).toMatch(/failed: .*broken\.pdf: /);
    expect(code).toBe(0);
  });

  it.each<[string, string[], number, RegExp]>([
    ["a missing path", ["./nowhere-at-all", "why?"], 1, /nowhere-at-all/],
    ["no question", ["docs"], 2, /Usage: clew ask/],
    ["an unknown option", ["docs", "why?", "--frobnicate"], 2, /unknown option/],
    ["a model without a key", ["docs", "why?", "--model", "openai:gpt-4.1-mini"], 1, /OPENAI_API_KEY/],
    ["a model without a provider", ["docs", "why?", "--model", "gpt"], 2, /PROVIDER:NAME/],
    ["an unknown embedder", ["docs", "why?", "--embedder", "word2vec"], 2, /minilm, none/],
    ["a question that begins with a dash", ["docs", "-5 degrees?"], 2, /goes behind --/],
    ["a number that is none", ["docs", "why?", "--hops", "abc"], 2, /--hops.*abc/],
    ["a proof of an unknown kind", ["docs", "why?", "--proof", "proof.pdf"], 2, /\.html or \.json/],
    ["a number out of range", ["docs", "why?", "--k", "0"], 2, /--k/],
    ["a filter that is not JSON", ["docs", "why?", "--filter", "{year"], 2, /must be JSON/],
    ["a filter with an unknown operator", ["docs", "why?", "--filter", '{"a":{"$near":1}}'], 2, /\$near/],
  ])("says what to do about %s", async (_name, words, expected, message) => {
    const placed = words.map((word) => (word === "docs" ? docs() : word));
    const { code, err } = await clew("ask", ...placed);
    expect(err).toMatch(message);
    expect(code).toBe(expected);
  });

  it("says what an empty folder lacks", async () => {
    await mkdir(join(folder, "empty"));
    const { code, err } = await clew("ask", join(folder, "empty"), "why?");
    expect(err).toContain("no file to read");
    expect(code).toBe(1);
  });

  it("refuses an index made by another embedder and names both", async () => {
    const other = await openIndex(join(docs(), ".clew"), { embedder: hashEmbedder({ id: "another-embedder" }) });
    await other.sync(commandScope, sourceInputs(["Bread rises."]));
    await other.close();
    const { code, err } = await clew("ask", docs(), "why?");
    expect(err).toContain("another-embedder");
    expect(err).toContain("MiniLM");
    expect(code).toBe(1);
  });
});

describe("clew index, search, sources, remove, doctor", () => {
  it("work on one index", async () => {
    const dry = await clew("index", docs(), "--dry-run", "--price", "0.02");
    expect(dry.out).toMatch(/To embed: 2 passages, \d+ tokens, about \$0\.0000/);
    expect((await clew("index", docs())).code).toBe(0);

    const found = await clew("search", docs(), "labyrinth", "--explain");
    expect(found.out).toMatch(/1\. Crete · .*crete\.md, line 1/);
    expect(found.out).toMatch(/lexical: \+.*\n.*lexical: rank 1/);
    expect(found.out).toContain("cosine");

    const listed = await clew("sources", docs(), "--json");
    const [first] = JSON.parse(listed.out);
    expect(first).toMatchObject({ title: "Crete", passages: 1 });

    const index = join(docs(), ".clew");
    expect(await clew("remove", first.id, "--index", index)).toMatchObject({ code: 0, out: `removed ${first.id}\n` });
    expect((await clew("remove", first.id, "--index", index)).code).toBe(1);

    const checked = await clew("doctor", docs());
    expect(checked.out).toMatch(/ok {3}embedder minilm: loads and embeds/);
    expect(checked.out).toMatch(/ok {3}index .*: whole, 1 sources, 1 passages/);
    expect(checked.code).toBe(0);
  });

  it("keep apart files of one name in two folders that share an index", async () => {
    const other = join(folder, "other");
    const index = join(folder, "shared");
    await mkdir(other);
    await writeFile(join(other, "crete.md"), "# Another\n\nCrete exports olives.\n");
    await clew("index", docs(), "--index", index, "--embedder", "none");
    const second = await clew("index", other, "--index", index, "--embedder", "none");
    expect(second.err).toContain(`failed: crete.md: the index already holds another file`);
    expect(second.err).not.toContain("updated");

    const both = await clew("index", docs(), other, "--index", index, "--embedder", "none");
    expect(both.err).toContain("3 added, 2 removed");
    const again = await clew("index", other, "--index", index, "--embedder", "none");
    expect(again.err).toBe("Sources: 1 unchanged\n");
  });

  it("say after a removal that the file stays and would come back", async () => {
    await clew("index", docs(), "--embedder", "none");
    const { err } = await clew("remove", "crete.md", "--index", join(docs(), ".clew"), "--embedder", "none");
    expect(err).toContain("takes them in again");
    expect(err).toContain(".clewignore");
  });

  it("tell a damaged index from one that is whole in one line", async () => {
    await clew("index", docs(), "--embedder", "none");
    const file = join(docs(), ".clew", "data.mdb");
    const bytes = await readFile(file);
    for (let at = 8192; at < bytes.length; at += 300) bytes[at] = bytes[at]! ^ 0xff;
    await writeFile(file, bytes);
    const { out, code } = await clew("doctor", docs(), "--embedder", "none");
    expect(out).toMatch(/BAD {2}index .* damaged.*\(and \d+ more problems\)/);
    expect(code).toBe(1);
  });

  it("say where no index is", async () => {
    const { code, err } = await clew("sources", docs());
    expect(err).toContain("There is no index");
    expect(code).toBe(1);
  });
});

describe("clew erase", () => {
  it("leaves no byte of the source in the index, prints the receipt and keeps it in the record", async () => {
    await writeFile(join(docs(), "crete.md"), "# Crete\n\nThe labyrinth was built by Quillfeather.\n");
    const index = join(docs(), ".clew");
    const record = join(folder, "record");
    await clew("ask", docs(), "Who built the labyrinth?", "--record", record, "--embedder", "none");
    for (const held of [index, record]) expect(findOnDisk(held, ["Quillfeather"])).not.toEqual([]);
    const words = ["crete.md", "--index", index, "--embedder", "none"];
    const { out, err, code } = await clew("erase", ...words, "--record", record);
    expect(out).toMatch(/^erased: crete.md\n {2}traces: 1 traces.*\n {2}index: 1 sources, 1 passages\n/);
    expect(err).toContain("The files themselves stay");
    expect(code).toBe(0);
    for (const held of [index, record]) expect(findOnDisk(held, ["Quillfeather", "quillfeath"])).toEqual([]);
    const verified = await clew("verify", record);
    expect([verified.code, verified.out]).toEqual([0, expect.stringMatching(/intact.* erased/)]);
    const again = await clew("erase", ...words, "--json");
    expect(JSON.parse(again.out)).toMatchObject([{ source: "crete.md", complete: true, tenant: "local" }]);
    const kept = (await readFile(join(record, "receipts.ndjson"), "utf8")).trim().split("\n");
    expect(kept.map((line) => JSON.parse(line).source)).toEqual(["crete.md"]);
    const { out: listed } = await clew("sources", "--index", index, "--embedder", "none");
    expect(listed).toContain("1 sources");
  });

  it.each<[string, string[], number, RegExp]>([
    ["no source", [], 2, /missing required argument/],
    ["a record that is not there", ["crete.md", "--record", "./nowhere-at-all"], 1, /nothing at/],
    ["contexts that are not there", ["crete.md", "--contexts", "./nowhere-at-all"], 1, /nothing at/],
  ])("says what to do about %s", async (_name, words, expected, message) => {
    const { code, err } = await clew("erase", ...words);
    expect(err).toMatch(message);
    expect(code).toBe(expected);
  });
});

describe("the command itself", () => {
  it("prints help and its version", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [built, "--help"]);
    for (const name of ["ask", "index", "search", "sources", "remove", "erase", "doctor"])
      expect(stdout).toContain(name);
  });

  it("ends quietly when the reader of its output goes away", async () => {
    const child = spawn(process.execPath, [built, "doctor", docs(), "--embedder", "none"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout.destroy();
    let said = "";
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    await new Promise((resolve) => child.on("close", resolve));
    expect(said).toBe("");
  });

  it("leaves a usable index on Ctrl-C, with exit code 130", async () => {
    const paragraph = (n: number): string =>
      `Paragraph ${n} speaks of thread, labyrinth and Daedalus, number ${n}. `.repeat(12);
    for (let file = 0; file < 40; file += 1) {
      const text = Array.from({ length: 30 }, (_, index) => paragraph(file * 100 + index)).join("\n\n");
      await writeFile(join(docs(), `long-${file}.md`), text);
    }
    const child = spawn(process.execPath, [built, "index", docs()], { stdio: ["ignore", "ignore", "pipe"] });
    let err = "";
    child.stderr.on("data", (chunk) => {
      if (!err.includes("Indexing:") && `${err}${chunk}`.includes("Indexing:")) child.kill("SIGINT");
      err += chunk;
    });
    const code = await new Promise((resolve) => child.on("exit", resolve));
    expect(err).toContain("Interrupted.");
    expect(code).toBe(130);
    const { out } = await clew("doctor", docs(), "--embedder", "none", "--json");
    const index = JSON.parse(out).find(({ check }: { check: string }) => check.startsWith("index"));
    expect(index.found).not.toMatch(/damage|checksum/);
  });
});
