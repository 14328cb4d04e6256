import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ClewError, invalidOption } from "@clew/core";

const suffixes = {
  fp32: "",
  fp16: "_fp16",
  q8: "_quantized",
  int8: "_int8",
  uint8: "_uint8",
  q4: "_q4",
  q4f16: "_q4f16",
  bnb4: "_bnb4",
} as const;

/** Precision of a model's weights: which of its ONNX files is used. `q8` is `model_quantized.onnx`. */
export type ModelDtype = keyof typeof suffixes;

/**
 * Name of the ONNX file for a precision, relative to the model's folder.
 *
 * @throws ClewError `invalid-option`
 */
export function onnxFile(dtype: ModelDtype): string {
  const suffix: string | undefined = Object.hasOwn(suffixes, dtype) ? suffixes[dtype] : undefined;
  if (suffix === undefined) throw invalidOption("dtype", `one of ${Object.keys(suffixes).join(", ")}`, dtype);
  return `onnx/model${suffix}.onnx`;
}

/** Files that every model has beside its weights. */
export const textFiles = ["config.json", "tokenizer.json", "tokenizer_config.json"] as const;

/** Every file that a model of this precision needs, relative to its folder. */
export const modelFiles = (dtype: ModelDtype): readonly string[] => [...textFiles, onnxFile(dtype)];

/**
 * Resolves when the folder holds all files of a model.
 *
 * @throws ClewError `not-found` naming the files that are expected and those that are missing
 */
export async function checkModelFolder(folder: string, dtype: ModelDtype): Promise<void> {
  const expected = modelFiles(dtype);
  const found = await Promise.all(
    expected.map((file) =>
      stat(join(folder, file)).then(
        (stats) => stats.isFile() && stats.size > 0,
        (cause: unknown) => {
          if (isMissing(cause)) return false;
          throw new ClewError("not-found", `The model file "${file}" in ${folder} cannot be read. Check its rights.`, {
            cause,
          });
        },
      ),
    ),
  );
  const missing = expected.filter((_, index) => !found[index]);
  if (missing.length === 0) return;
  throw new ClewError(
    "not-found",
    `The folder ${folder} is no complete model: missing or empty are ${missing.join(", ")}. Expected are ` +
      `${expected.join(", ")}. Copy them there, or choose another "dtype" if the weights have another precision.`,
  );
}

const isMissing = (cause: unknown): boolean =>
  cause instanceof Error && "code" in cause && (cause.code === "ENOENT" || cause.code === "ENOTDIR");

/** SHA-256 of a file in hexadecimal, read in pieces. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path, { signal })) hash.update(piece as Buffer);
  return hash.digest("hex");
}
