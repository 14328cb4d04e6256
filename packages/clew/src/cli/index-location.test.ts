import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { indexLocation } from "./index-location.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-location-"));
  await mkdir(join(folder, "docs", "sub"), { recursive: true });
  await writeFile(join(folder, "docs", "a.md"), "a");
});
afterEach(() => rm(folder, { recursive: true }));

const at = async (...paths: string[]): Promise<string> =>
  (await indexLocation({ paths: paths.map((path) => join(folder, path)), cache: join(folder, "cache") })).directory;

describe("indexLocation", () => {
  it("lies beside the documents: folder, file, glob, several", async () => {
    expect(await at("docs")).toBe(join(folder, "docs", ".clew"));
    expect(await at("docs/a.md")).toBe(join(folder, "docs", ".clew"));
    expect(await at("docs/**/*.md")).toBe(join(folder, "docs", ".clew"));
    expect(await at("docs/sub", "docs/a.md")).toBe(join(folder, "docs", ".clew"));
  });

  it("is where the user said", async () => {
    expect(await indexLocation({ paths: [folder], index: join(folder, "mine") })).toEqual({
      directory: join(folder, "mine"),
      base: folder,
      notes: [],
    });
  });

  it("goes to the cache folder, with a note, where nothing can be written", async () => {
    await chmod(join(folder, "docs"), 0o555);
    const { directory, notes } = await indexLocation({ paths: [join(folder, "docs")], cache: join(folder, "cache") });
    expect(directory.startsWith(join(folder, "cache"))).toBe(true);
    expect(notes).toMatchObject([{ code: "fell-back" }]);
    expect(await at("docs")).toBe(directory);
  });
});
