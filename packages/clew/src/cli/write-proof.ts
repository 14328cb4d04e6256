import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { AgentAnswer } from "@clew/agents";
import { ClewError, invalidOption, type SourceText } from "@clew/core";
import type { Terminal } from "./terminal.js";
import type { Workspace } from "./workspace.js";

/** @throws ClewError `invalid-option` for a file that is neither .html nor .json */
export function checkProofFile(file: string): void {
  if (!/\.(?:html?|json)$/i.test(file)) throw invalidOption("--proof", "a file that ends in .html or .json", file);
}

/**
 * Writes the proof of an answer: a page, or JSON where the name ends so. It knows the versions of the quoted sources, and holds
 * none of their texts.
 *
 * @throws ClewError `storage-failed`
 */
export async function writeProof(
  file: string,
  answer: AgentAnswer,
  { index, me }: Workspace,
  terminal: Terminal,
): Promise<void> {
  const { signal } = terminal;
  const ids = [...new Set(answer.citations.map(({ source }) => source))];
  const texts = await index
    .in(me)
    .read((snapshot) => Promise.all(ids.map((id) => snapshot.sourceText(id))), { signal });
  const sources = texts.filter((text): text is SourceText => text !== undefined);
  const { html, json } = await answer.bundle({ sources, signal });
  const isJson = /\.json$/i.test(file);
  try {
    await writeFile(resolve(file), isJson ? `${JSON.stringify(json, null, 2)}\n` : html, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ClewError(
      "storage-failed",
      `The proof could not be written to ${file}: name a file in a folder that exists.`,
      {
        cause,
      },
    );
  }
  terminal.say(`The proof is in ${file}.`);
}
