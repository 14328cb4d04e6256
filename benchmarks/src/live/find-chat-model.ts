import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ClewError } from "@clew/core";

/** Where the file lies in a folder of models. */
export const chatModelPath = join("SmolLM2-135M-Instruct", "SmolLM2-135M-Instruct-Q4_1.gguf");

/**
 * Finds the chat model in a folder of models.
 *
 * @throws ClewError `invalid-option` without a folder, `not-found` where the file is not in it
 */
export async function findChatModel(models: string | undefined): Promise<string> {
  if (models === undefined || models === "") {
    throw new ClewError(
      "invalid-option",
      `Say where the models are: npm run test:live -- --models DIR, or the environment variable CLEW_MODELS. ` +
        `DIR holds ${chatModelPath}.`,
    );
  }
  const file = join(models, chatModelPath);
  const found = await stat(file).catch((cause: Error) => {
    throw new ClewError("not-found", `There is no ${file}. Give the folder that holds ${chatModelPath}.`, { cause });
  });
  if (!found.isFile()) throw new ClewError("not-found", `${file} is no file.`);
  return file;
}
