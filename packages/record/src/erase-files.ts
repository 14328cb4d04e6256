import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ErasedPlace, eraseTexts, type Note, note, type SourceId } from "@clew/core";
import { erasing } from "./erasing.js";
import { decoded, exactJson, jsonFile, type Texts } from "./exact-json.js";
import { packedTexts, unpackedTexts } from "./packed-texts.js";
import { ifThere } from "./storage-failure.js";
import { chainEnd, namesIn } from "./trace-files.js";
import { leaving, rewriteClean, scrub, seize, unfinished } from "./write-whole.js";

/** What is to be erased: what is of a source or may repeat it, or all that these chains refer to. */
export type ErasedTexts = { readonly source: SourceId } | { readonly chains: readonly string[] };

/**
 * Erases texts from the files of a tenant: from those that a killed process left behind too.
 * Files that cannot be read are named in a note; what they hold is unknown.
 */
export async function eraseFiles(
  tenant: string,
  what: ErasedTexts,
  signal: AbortSignal | undefined,
): Promise<ErasedPlace> {
  const isMeant = (path: string): boolean =>
    "source" in what || what.chains.some((chain) => path.startsWith(`${chain.slice(0, -chainEnd.length)}.`));
  const take = (texts: Texts): ReturnType<typeof eraseTexts> =>
    "source" in what ? eraseTexts(texts, what.source) : { texts: {}, erased: Object.keys(texts).length };
  const removed = { traces: 0, texts: 0, corrections: 0 };
  const notes: Note[] = [];
  signal?.throwIfAborted();
  await erasing(tenant, signal, async () => {
    for (const scope of await namesIn(tenant)) {
      const folder = join(tenant, scope);
      if (scope.includes(".")) continue;
      const touched = new Set<string>();
      for (const name of await namesIn(folder)) {
        signal?.throwIfAborted();
        const path = join(folder, name);
        if (name.endsWith(leaving)) await scrub(path);
        else if (name.endsWith(unfinished)) await seize(path);
        else if (!name.endsWith(".json") || !isMeant(path)) continue;
        else {
          const isFeedback = name.includes(".feedback-");
          const erased = await eraseFrom(path, isFeedback, take).catch((error: unknown) => {
            if ((error as { code?: string }).code !== "trace-damaged") throw error;
            const message = `The file ${name} of the record is damaged, and nobody knows what it repeats: delete it by hand.`;
            notes.push(note("x-trace-damaged", message, { file: `${scope}/${name}` }));
            return 0;
          });
          if (erased === 0) continue;
          touched.add(name.slice(0, name.indexOf(".")));
          removed[isFeedback ? "corrections" : "texts"] += erased;
        }
      }
      removed.traces += touched.size;
    }
  });
  return { place: "traces", removed, notes };
}

async function eraseFrom(
  path: string,
  isFeedback: boolean,
  take: (texts: Texts) => ReturnType<typeof eraseTexts>,
): Promise<number> {
  const bytes = await ifThere(readFile(path));
  if (bytes === undefined) return 0;
  const file = decoded(bytes);
  const said = isFeedback ? (exactJson(file) as { readonly texts: Texts }) : undefined;
  const { texts, erased } = take(said === undefined ? unpackedTexts(file) : said.texts);
  if (erased > 0) await rewriteClean(path, said === undefined ? packedTexts(texts) : jsonFile({ ...said, texts }));
  return erased;
}
