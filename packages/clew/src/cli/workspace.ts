import { ClewError, type Embedder, type Index, type Scope, scope } from "@clew/core";
import { openIndex } from "@clew/index";
import { chooseEmbedder } from "./choose-embedder.js";
import { indexLocation } from "./index-location.js";
import { showDownload } from "./show-download.js";
import type { Terminal } from "./terminal.js";

/** An open index and what belongs to it. */
export interface Workspace {
  readonly index: Index;
  readonly directory: string;
  /** Ids of sources are relative to it. */
  readonly base: string;
  /** The user said where it lies, so that it may hold documents of other folders too. */
  readonly isShared: boolean;
  readonly me: Scope;
  readonly embedder: Embedder | undefined;
}

/** Options that every command over an index shares. */
export interface WorkspaceOptions {
  /** Documents beside which the index lies. */
  readonly paths: readonly string[];
  readonly index?: string | undefined;
  readonly embedder?: string | undefined;
  /** Make the index when there is none. */
  readonly create: boolean;
}

/** The one tenant of the command line. */
export const commandScope: Scope = scope("local");

/**
 * Opens the index, hands it to `work`, and closes it and the embedder whatever happens.
 *
 * @throws ClewError `not-found` when there is no index and none is to be made
 */
export async function withWorkspace<T>(
  { paths, index: directoryOption, embedder: embedderOption = "minilm", create }: WorkspaceOptions,
  terminal: Terminal,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const { directory, base, notes } = await indexLocation({ paths, index: directoryOption });
  for (const note of notes) terminal.say(note.message);
  if (!create && !(await terminal.exists(directory))) {
    throw new ClewError(
      "not-found",
      `There is no index in ${directory}. Make one with: clew index PATH --index ${directory}`,
    );
  }
  const embedder = await chooseEmbedder(embedderOption, {
    environment: terminal.environment,
    signal: terminal.signal,
    onProgress: showDownload(terminal),
  });
  try {
    const index = await openIndex(directory, { embedder });
    try {
      return await work({
        index,
        directory,
        base,
        isShared: directoryOption !== undefined,
        me: commandScope,
        embedder,
      });
    } finally {
      await index.close();
    }
  } finally {
    await embedder?.close();
  }
}
