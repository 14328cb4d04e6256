import { type PlainHit, passagesContent } from "@clew/agents";
import { ClewError, type Hit, passageId } from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { McpRequest } from "./mcp-call.js";
import type { CheckedMcpOptions } from "./mcp-options.js";

/** `search`: passages, fenced, each under the id that `fetch_passage` takes. */
export async function searchHandler(
  { retriever, filter, k: usual, maxChars, runtime }: CheckedMcpOptions,
  { query, k = usual }: { readonly query: string; readonly k?: number | undefined },
  { signal }: McpRequest,
): Promise<CallToolResult> {
  const found = await retriever.search(query, { k, filter, signal });
  const { content, hits, notes } = passagesContent(found, { idOf: shownId, maxChars, runtime });
  return {
    content: [{ type: "text", text: content }],
    structuredContent: {
      hits: hits.map(({ score, ...hit }) => ({ ...plain(hit), score })),
      notes: notes.map(({ code, message }) => ({ code, message })),
    },
  };
}

/** `fetch_passage`: a passage of the scope, alone or with what stands around it. */
export async function fetchHandler(
  { view, maxChars, runtime }: CheckedMcpOptions,
  { id, around }: { readonly id: string; readonly around?: "neighbours" | "section" | "page" | undefined },
  { signal }: McpRequest,
): Promise<CallToolResult> {
  const wanted = passageId(id);
  const passages = await view!.read(
    async (snapshot) => {
      if (around !== undefined) return snapshot.around(wanted, around);
      return (await snapshot.passages([wanted])).flatMap((one) => one ?? []);
    },
    { signal },
  );
  if (passages.length === 0) {
    throw new ClewError("not-found", "There is no passage of this id here. Ids come from search and ask.");
  }
  const all = passages.map(
    (passage): Hit => ({ passage, score: 0, explain: { kind: "other", name: "id", detail: {} } }),
  );
  const { content, hits } = passagesContent({ hits: all, notes: [] }, { idOf: shownId, maxChars, runtime });
  return {
    content: [{ type: "text", text: content }],
    structuredContent: { passages: hits.map(plain) },
  };
}

const plain = ({ id, source, title, uri, page, line, span, text }: Omit<PlainHit, "score">) => ({
  id,
  source,
  title,
  ...(uri === undefined ? {} : { uri }),
  ...(page === undefined ? {} : { page }),
  line,
  span: [...span],
  text,
});

/** A passage's own id, but of foreign retrievers those that could say something to a model. */
const shownId = ({ passage: { id } }: Hit): string =>
  /^[\w.:/-]{1,128}$/.test(id) ? id : `P${contentHash(id).slice(0, 16)}`;
