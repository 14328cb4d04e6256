import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chatModelPath, findChatModel } from "./find-chat-model.js";
import { loadNodeLlamaCpp } from "./llama/node-llama-cpp.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-live-"));
});

afterEach(() => rm(folder, { recursive: true }));

describe("findChatModel", () => {
  it("finds the file", async () => {
    const file = join(folder, chatModelPath);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "GGUF");
    expect(await findChatModel(folder)).toBe(file);
  });

  it("says what is missing", async () => {
    await expect(findChatModel(undefined)).rejects.toMatchObject({
      code: "invalid-option",
      message: expect.stringContaining("--models DIR"),
    });
    await expect(findChatModel(folder)).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining(chatModelPath),
    });
    await mkdir(join(folder, chatModelPath), { recursive: true });
    await expect(findChatModel(folder)).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("loadNodeLlamaCpp", () => {
  it("says how to get it where it is not installed", async () => {
    await expect(loadNodeLlamaCpp(folder)).rejects.toMatchObject({
      code: "missing-package",
      message: expect.stringContaining("npm run test:live"),
    });
  });
});
