import { files, linked, memoryIndex, miniLM, scope } from "clew";

const embedder = miniLM();
const index = await memoryIndex({ embedder });
const me = scope("me");
await index.sync(me, files(["docs"]));

/** Searches the documents of one tenant. */
export const retriever = linked(index.in(me));

export async function close() {
  await index.close();
  await embedder.close();
}
