import { execFileSync } from "node:child_process";
import { chmod, mkdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Reader, SourceInput } from "@clew/core";
import { describe, expect, it } from "vitest";
import { htmlReader } from "../html/html-reader.js";
import { markdownReader } from "../markdown/markdown-reader.js";
import { temporaryFolder } from "../test-support/temporary-folder.js";
import { textReader } from "../text/text-reader.js";
import type { FilesOptions, Listing } from "./file-options.js";
import { files } from "./files.js";

async function all(paths: string | readonly string[], options?: FilesOptions): Promise<SourceInput[]> {
  const found: SourceInput[] = [];
  for await (const input of files(paths, options)) found.push(input);
  return found;
}
const ids = async (paths: string | readonly string[], options?: FilesOptions): Promise<string[]> =>
  (await all(paths, options)).map(({ id }) => id);
const read = async (input: SourceInput | undefined) => {
  if (input === undefined || !("read" in input)) throw new Error(JSON.stringify(input));
  return (await input.read({})).text;
};

describe("files", () => {
  it("lists a folder in the order of ids by code unit, with uri, metadata and version", async () => {
    const folder = await temporaryFolder({ "b.md": "# B\n\ntext", "a/x.txt": "x", "a-b.txt": "y", "Z.md": "z" });
    const found = await all(folder);
    expect(found.map(({ id }) => id)).toEqual(["Z.md", "a-b.txt", "a/x.txt", "b.md"]);
    await utimes(path.join(folder, "b.md"), 1, 1);
    const [, , , input] = await all(folder);
    const { source } = await read(input);
    expect(source).toMatchObject({
      id: "b.md",
      title: "B",
      uri: pathToFileURL(path.join(folder, "b.md")).href,
      metadata: { path: "b.md", folder: "", modified: "1970-01-01T00:00:01.000Z" },
    });
    // by hand: the first 32 digits of sha256sum of the file
    expect(source.version).toMatch(/^markdown@1:[0-9a-f]{32}$/);
    expect(found[3]).toMatchObject({ version: source.version }); // the time of change is no part of it
  });

  it("gives ids that do not depend on the working folder, and tells several paths apart", async () => {
    const folder = await temporaryFolder({ "one/x.md": "1", "two/x.md": "2", "two/y.txt": "3" });
    expect(await ids("one", { cwd: folder })).toEqual(["x.md"]);
    expect(await ids("./one/", { cwd: folder })).toEqual(["x.md"]);
    expect(await ids(path.join(folder, "one"))).toEqual(["x.md"]);
    expect(await ids(["one", "two"], { cwd: folder })).toEqual(["one/x.md", "two/x.md", "two/y.txt"]);
    expect(await ids(["two", "one/x.md", "two/x.md"], { cwd: folder })).toEqual(["one/x.md", "two/x.md", "two/y.txt"]);
    expect(await ids("one", { cwd: folder, base: "." })).toEqual(["one/x.md"]);
    expect(await ids("two/y.txt", { cwd: folder })).toEqual(["y.txt"]);
    await expect(ids("one", { cwd: folder, base: "two" })).rejects.toMatchObject({ code: "invalid-option" });
  });

  it("takes globs, and a path that only looks like one", async () => {
    const folder = await temporaryFolder({
      "d/a.md": "1",
      "d/b.txt": "2",
      "d/e/c.md": "3",
      "[x].md": "4",
      "d/.h/i.md": "5",
    });
    expect(await ids("d/**/*.md", { cwd: folder })).toEqual(["a.md", "e/c.md"]);
    expect(await ids("d/*.{md,txt}", { cwd: folder })).toEqual(["a.md", "b.txt"]);
    expect(await ids("d/.h/*.md", { cwd: folder })).toEqual(["i.md"]);
    expect(await ids("[x].md", { cwd: folder })).toEqual(["[x].md"]);
    const sources = files(["d/*.md", "d/*.pdf"], { cwd: folder });
    for await (const _ of sources);
    expect(sources.notes).toMatchObject([{ code: "source-skipped", detail: { pattern: "d/*.pdf" } }]);
  });

  it("reads a folder two below one with an ignore file, in a repository", async () => {
    const folder = await temporaryFolder({
      ".git/HEAD": "ref",
      "app/.gitignore": "*.log\n",
      "app/docs/top/a.md": "x",
      "app/docs/top/a.log": "x",
    });
    expect(await ids("app/docs/top", { cwd: folder })).toEqual(["a.md"]);
  });

  it("honours ignore files in every folder, inner over outer, and those above it in a repository", async () => {
    const folder = await temporaryFolder({
      ".git/HEAD": "ref",
      ".gitignore": "*.log\n/top/build/\nsecret*\n!secret.md\n",
      "top/a.log": "x",
      "top/b.md": "x",
      "top/build/c.md": "x",
      "top/secret.md": "x",
      "top/secrets.md": "x",
      "top/sub/.gitignore": "!keep.log\n",
      "top/sub/keep.log": "x",
      "top/sub/other.log": "x",
      "top/sub/.clewignore": "drafts/\n",
      "top/sub/drafts/d.md": "x",
      "top/node_modules/p/readme.md": "x",
      "top/.clew/index.md": "x",
      "top/.hidden.md": "x",
    });
    expect(await ids("top", { cwd: folder })).toEqual(["b.md", "secret.md", "sub/keep.log"]);
    expect(await ids("top/build", { cwd: folder })).toEqual(["c.md"]); // asked for by name
    expect(await ids("top/a.log", { cwd: folder })).toEqual(["a.log"]);
    expect(await ids("top", { cwd: folder, exclude: ["sub", "/b.md"] })).toEqual(["secret.md"]);
    expect(await ids("top", { cwd: folder, hidden: true, ignoreFiles: [".clewignore"] })).toEqual([
      ".hidden.md",
      "a.log",
      "b.md",
      "build/c.md",
      "secret.md",
      "secrets.md",
      "sub/.clewignore",
      "sub/.gitignore",
      "sub/keep.log",
      "sub/other.log",
    ]);
  });

  it("follows links inside the path once, and reports those that lead out, nowhere, or in a circle", async () => {
    const outside = await temporaryFolder({ "secret.md": "s" });
    const folder = await temporaryFolder({ "real/a.md": "a", ".store/b.md": "b" });
    await symlink(path.join(folder, "real"), path.join(folder, "alias"));
    await symlink("a.md", path.join(folder, "real", "A-link.md"));
    await symlink(path.join(folder, ".store"), path.join(folder, "linked"));
    await symlink("..", path.join(folder, "real", "up"));
    await symlink(outside, path.join(folder, "out"));
    await symlink("nothing", path.join(folder, "dangling"));
    await symlink("self", path.join(folder, "self"));
    const sources = files(folder);
    const found: string[] = [];
    for await (const { id } of sources) found.push(id);
    expect(found).toEqual(["linked/b.md", "real/a.md"]);
    expect(sources.notes.map(({ code, detail }) => [code, detail?.["source"]])).toEqual([
      ["source-skipped", "dangling"],
      ["source-skipped", "out"],
      ["source-skipped", "self"],
    ]);
  });

  it("yields what cannot be used as failed, by name and reason, and goes on", async () => {
    const folder = await temporaryFolder({
      "big.txt": "x".repeat(2000),
      "broken.json": "{",
      "empty.md": "",
      "fine.md": "text",
      "lying.md": "%PDF-1.7\n%\xe2\xe3",
    });
    const found = await all(folder, { maxBytes: 1000 });
    const outcome = await Promise.all(
      found.map(async (input) => {
        if ("failed" in input) return [input.id, input.failed.message];
        return [
          input.id,
          await input.read({}).then(
            ({ text }) => text.text,
            (error: Error) => error.message,
          ),
        ];
      }),
    );
    expect(outcome).toEqual([
      ["big.txt", expect.stringMatching(/big.txt was not read.*maxBytes/)],
      ["broken.json", expect.stringMatching(/"broken.json".*line 1/)],
      ["empty.md", expect.stringMatching(/"empty.md".*empty/)],
      ["fine.md", "text"],
      ["lying.md", expect.stringMatching(/"lying.md".*a PDF file, not Markdown/)],
    ]);
  });

  it("sniffs unknown endings: text as text, HTML as HTML, binary data counted in a note", async () => {
    const folder = await temporaryFolder({
      LICENSE: "Apache",
      "main.rs": "fn main() {}",
      page: "<!doctype html><title>T</title><p>Hello",
      "a.bin": Uint8Array.of(0, 1, 2, 0, 0, 255),
      "b.dat": Uint8Array.of(0, 1, 2, 0, 0, 255),
      "__init__.py": "",
    });
    const sources = files(folder);
    const found: [string, string][] = [];
    for await (const input of sources) found.push([input.id, (await read(input)).source.mediaType]);
    expect(found).toEqual([
      ["LICENSE", "text/plain"],
      ["main.rs", "text/plain"],
      ["page", "text/html"],
    ]);
    expect(sources.notes).toMatchObject([
      { code: "source-skipped", detail: { files: 3, first: ["__init__.py", "a.bin", "b.dat"] } },
    ]);
  });

  it("names a missing path with what is nearest to it, and an empty folder with what would be read", async () => {
    const folder = await temporaryFolder({
      "reports/a.md": "x",
      "empty/.gitkeep": "",
      "images/a.png": "\x89PNG\r\n\x1a\n",
    });
    await expect(all("raports", { cwd: folder })).rejects.toMatchObject({
      code: "not-found",
      message: /Did you mean .*reports\?/,
    });
    await expect(all("reports/2024/x", { cwd: folder })).rejects.toMatchObject({
      code: "not-found",
      message: /nearest folder that exists is .*reports\./,
    });
    await expect(all("nowhere/*.md", { cwd: folder })).rejects.toMatchObject({ code: "not-found" });
    await expect(all("empty", { cwd: folder })).rejects.toMatchObject({
      code: "nothing-to-do",
      message: /"empty".*\.md/,
    });
    await expect(all("images", { cwd: folder })).rejects.toMatchObject({ code: "nothing-to-do", message: /a\.png/ });
  });

  it("covers exactly the files that its paths name, and nothing below a folder that cannot be listed", async () => {
    const folder = await temporaryFolder({ "docs/a.md": "x", "docs/sub/b.txt": "x", "docs/closed/c.md": "x" });
    const uri = (name: string) => ({ uri: pathToFileURL(path.join(folder, name)).href });
    const sources = files("docs/**/*.md", { cwd: folder });
    expect(sources.covers(uri("docs/gone.md"))).toBe(false); // nothing is known yet
    for await (const _ of sources);
    expect(sources.covers(uri("docs/gone.md"))).toBe(true);
    expect(sources.covers(uri("docs/gone.txt"))).toBe(false);
    expect(sources.covers(uri("other/gone.md"))).toBe(false);
    expect(sources.covers({ uri: "https://x.org/docs/gone.md" })).toBe(false);
    expect(sources.covers({})).toBe(false);

    await chmod(path.join(folder, "docs/closed"), 0o000);
    await chmod(path.join(folder, "docs/a.md"), 0o000);
    await chmod(folder, 0o755);
    const closed = files("docs", { cwd: folder });
    const found = await asNobody(async () => {
      const inputs: SourceInput[] = [];
      for await (const input of closed) inputs.push(input);
      return inputs;
    });
    await chmod(path.join(folder, "docs/closed"), 0o755);
    expect(found.map((input) => [input.id, "failed" in input ? input.failed.detail?.["error"] : "read"])).toEqual([
      ["closed", "EACCES"],
      ["a.md", "EACCES"],
      ["sub/b.txt", "read"],
    ]);
    expect(closed.covers(uri("docs/closed/c.md"))).toBe(false);
    expect(closed.covers(uri("docs/gone.md"))).toBe(true);
  });

  it("does not wait for a pipe", async () => {
    const folder = await temporaryFolder({ "a.md": "x" });
    execFileSync("mkfifo", [path.join(folder, "pipe.txt")]);
    const sources = files(folder);
    const found: string[] = [];
    for await (const { id } of sources) found.push(id);
    expect(found).toEqual(["a.md"]);
    expect(sources.notes).toMatchObject([{ detail: { source: "pipe.txt" } }]);
  });

  it("reads a file again after the next was asked for, under the version of what it then holds", async () => {
    const folder = await temporaryFolder({ "a.txt": "old", "b.txt": "b" });
    const [first, second] = await all(folder);
    await writeFile(path.join(folder, "a.txt"), "new");
    const text = await read(first);
    expect(text.text).toBe("new");
    expect(text.source.version).not.toBe((first as { version: string }).version);
    await rm(path.join(folder, "b.txt"));
    await expect(read(second)).rejects.toMatchObject({ code: "unreadable-source", message: /b.txt.*ENOENT/ });
  });

  it("version: changes with the reader, the metadata and the access list; by stat without reading", async () => {
    const folder = await temporaryFolder({ "a.txt": "x" });
    const version = async (options: FilesOptions) => ((await all(folder, options))[0] as { version: string }).version;
    const plain = await version({});
    expect(await version({ access: () => ["hr"] })).not.toBe(plain);
    expect(await version({ metadata: () => ({ team: "a" }) })).not.toBe(plain);
    expect(await version({ metadata: () => ({ team: "a" }) })).toBe(await version({ metadata: () => ({ team: "a" }) }));
    expect(await version({ readers: [{ ...textReader(), id: "text@9" }] })).toMatch(/^text@9:/);
    await utimes(path.join(folder, "a.txt"), 5, 5);
    expect(await version({ version: "stat" })).toBe("text@1:1-5000");
    const [input] = await all(folder, { access: () => [], metadata: () => ({ team: "a" }) });
    expect((await read(input)).source).toMatchObject({ access: [], metadata: { team: "a", path: "a.txt" } });
  });

  it("asks readers in order, so that one's own come first", async () => {
    const folder = await temporaryFolder({ "a.md": "x", "b.html": "<p>y" });
    const loud: Reader = {
      ...markdownReader(),
      id: "loud@1",
      read: async (input, options) => {
        const { text, notes } = await markdownReader().read(input, options);
        return { text: { ...text, text: text.text.toUpperCase() }, notes };
      },
    };
    const found = await all(folder, { readers: [loud, markdownReader(), htmlReader({ mainContent: false })] });
    expect((await Promise.all(found.map(read))).map(({ text }) => text)).toEqual(["X", "y"]);
  });

  it("tells how the listing goes, and stops when aborted", async () => {
    const folder = await temporaryFolder({ "a/x.md": "x", "a/y.md": "x", "b/z.md": "x" });
    await symlink("nothing", path.join(folder, "dangling"));
    const listings: Listing[] = [];
    await all(folder, { onListed: (listing) => listings.push(listing) });
    expect(listings.map(({ files }) => files)).toEqual([2, 3, 3, 3]);
    expect(listings.at(-1)).toEqual({ files: 3, skipped: 1, done: true });
    const controller = new AbortController();
    const stopped = (async () => {
      for await (const _ of files(folder, { signal: controller.signal })) controller.abort(new Error("enough"));
    })();
    await expect(stopped).rejects.toThrow("enough");
  });

  it("refuses options that cannot be meant", () => {
    expect(() => files([])).toThrow(/paths/);
    expect(() => files("")).toThrow(/paths/);
    expect(() => files(".", { maxBytes: 0 })).toThrow(/maxBytes/);
    expect(() => files(".", { readers: [] })).toThrow(/readers/);
    expect(() => files(".", { version: "mtime" as "stat" })).toThrow(/version/);
  });

  it("keeps the id and version of a file when its folder moves", async () => {
    const folder = await temporaryFolder({ "one/x.md": "1" });
    const before = await all("one", { cwd: folder });
    await mkdir(path.join(folder, "deeper"));
    await rename(path.join(folder, "one"), path.join(folder, "deeper", "two"));
    const after = await all("deeper/two", { cwd: folder });
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect((after[0] as { version: string }).version).toBe((before[0] as { version: string }).version);
  });
});

/** Runs as a user whom permissions bind, since they do not bind root. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
