import * as clew from "clew";

/** A folder of documents, indexed. */
export interface OpenFolder {
  readonly index: clew.Index;
  readonly scope: clew.Scope;
  /** Documents in the index. */
  readonly documents: number;
  /** Folder of the index. */
  readonly directory: string;
  /** Folder that their ids are relative to. */
  readonly base: string;
  close(): Promise<void>;
}

/** Options of {@link openFolder}. */
export interface OpenFolderOptions {
  signal?: AbortSignal | undefined;
  /** Told how it went. @default console.log */
  print?: ((text: string) => void) | undefined;
}

/** Indexes what is new in a folder; the index is `.clew` beside the documents. */
export async function openFolder(
  folder: string,
  { signal, print = console.log }: OpenFolderOptions = {},
): Promise<OpenFolder> {
  const embedder = clew.miniLM(); // runs in this process, weights included
  const { directory, base, notes } = await clew.indexLocation({ paths: [folder] });
  for (const { message } of notes) print(message);
  const index = await clew.openIndex(directory, { embedder });
  const close = async (): Promise<void> => {
    await index.close();
    await embedder.close();
  };
  try {
    const scope = clew.scope("me"); // in a product: the tenant and the person, from your own sign-in
    const listing = clew.files([folder], { base, signal });
    const progress = clew.showProgress();
    const report = await index.sync(scope, listing, {
      removeMissing: listing.covers,
      onProgress: progress.update,
      signal,
    });
    progress.stop();
    print(clew.formatSync({ ...report, notes: [...report.notes, ...listing.notes] }));
    return { index, scope, directory, base, documents: (await index.sources(scope)).length, close };
  } catch (error) {
    await close();
    throw error;
  }
}
