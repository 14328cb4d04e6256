// What the examples share: four short documents in memory, and a question whose answer takes two rounds of retrieval.
import { fileURLToPath } from "node:url";
import * as clew from "clew";

export const question = "Who built the place where Theseus killed the Minotaur?";

/** Opens the documents: what the agent searches, and how many passages a search gives. */
export async function openMyths() {
  const index = await clew.memoryIndex();
  const me = clew.scope("me");
  await index.sync(me, clew.files([fileURLToPath(new URL("../sample/", import.meta.url))]));
  return { index, retriever: clew.lexical(index.in(me)), k: 3 };
}
