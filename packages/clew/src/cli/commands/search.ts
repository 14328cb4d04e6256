import { ClewError, type Filter } from "@clew/core";
import { formatExplain } from "../../report/format-explain.js";
import { exitCode } from "../exit-code.js";
import { retrieverFor } from "../retriever-for.js";
import { saySync, syncPaths } from "../sync-paths.js";
import type { Terminal } from "../terminal.js";
import { withWorkspace } from "../workspace.js";

/** Options of `clew search`. */
export interface SearchCommandOptions {
  readonly index?: string;
  readonly embedder?: string;
  readonly retriever?: string;
  readonly filter?: Filter;
  readonly k?: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** `clew search <paths…> "query"`: the passages themselves, and with `--explain` why each stands where it stands. */
export async function search(
  words: readonly string[],
  { index, embedder, retriever, filter, k = 5, explain = false, json = false }: SearchCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const query = words.at(-1)?.trim() ?? "";
  const paths = words.slice(0, -1);
  if (query === "" || (paths.length === 0 && index === undefined)) {
    throw new ClewError("invalid-option", 'Usage: clew search <paths…> "query", or clew search --index DIR "query".');
  }
  return withWorkspace({ paths, index, embedder, create: paths.length > 0 }, terminal, async (workspace) => {
    if (paths.length > 0) saySync(await syncPaths(workspace, paths, terminal), terminal);
    const found = await retrieverFor(workspace, retriever).search(query, { k, filter, signal: terminal.signal });
    if (json) terminal.print(JSON.stringify(found, null, 2));
    else {
      for (const [position, hit] of found.hits.entries()) {
        const { title, source, page, line, text } = hit.passage;
        const place = page === undefined ? `line ${line}` : `page ${page}`;
        const name = title === "" ? source : `${title} · ${source}`;
        terminal.print(`${position + 1}. ${name}, ${place}  (score ${Number(hit.score.toPrecision(4))})`);
        terminal.print(`     ${excerpt(text)}`);
        if (explain) terminal.print(formatExplain(hit).join("\n"));
      }
      for (const { message } of found.notes) terminal.print(`note: ${message}`);
    }
    return found.hits.length > 0 ? exitCode.answered : exitCode.abstained;
  });
}

const excerpt = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 240 ? `${line.slice(0, 240)}…` : line;
};
