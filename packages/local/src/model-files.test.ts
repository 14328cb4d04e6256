import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkModelFolder, fileSha256, type ModelDtype, onnxFile } from "./model-files.js";

const assets = fileURLToPath(new URL("../assets/all-MiniLM-L6-v2/", import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-model-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the weights in this package", () => {
  it("have the hashes that SHA256SUMS and ORIGIN.md name", async () => {
    const sums = (await readFile(join(assets, "SHA256SUMS"), "utf8")).trim().split("\n");
    const origin = await readFile(join(assets, "ORIGIN.md"), "utf8");
    expect(sums).toHaveLength(6);
    for (const line of sums) {
      const [sha256, file] = line.split(/\s+/);
      expect(await fileSha256(join(assets, file!)), file).toBe(sha256);
      expect(origin).toContain(`| \`${file}\` | \`${sha256}\` |`);
    }
  });

  it("are a complete model", () => checkModelFolder(assets, "q8"));
});

describe("checkModelFolder", () => {
  it("names the files that are missing or empty, and all that are expected", async () => {
    await writeFile(join(folder, "config.json"), "{}");
    await writeFile(join(folder, "tokenizer.json"), "");
    await expect(checkModelFolder(folder, "fp32")).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining(
        "missing or empty are tokenizer.json, tokenizer_config.json, onnx/model.onnx. " +
          "Expected are config.json, tokenizer.json, tokenizer_config.json, onnx/model.onnx.",
      ),
    });
  });

  it("takes a file in the folder's place for no model", async () => {
    const file = join(folder, "file");
    await writeFile(file, "x");
    await expect(checkModelFolder(file, "q8")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("onnxFile", () => {
  it("names the file of each precision", () => {
    expect(onnxFile("q8")).toBe("onnx/model_quantized.onnx");
    expect(onnxFile("fp32")).toBe("onnx/model.onnx");
    expect(onnxFile("q4f16")).toBe("onnx/model_q4f16.onnx");
  });

  it("refuses what is no precision", () => {
    expect(() => onnxFile("toString" as ModelDtype)).toThrowError(/"dtype" must be one of fp32, fp16, q8/);
  });
});

describe("fileSha256", () => {
  it("hashes a file of many pieces", async () => {
    const bytes = Buffer.alloc(300_000, "clew");
    await writeFile(join(folder, "x"), bytes);
    expect(await fileSha256(join(folder, "x"))).toBe(createHash("sha256").update(bytes).digest("hex"));
  });
});
