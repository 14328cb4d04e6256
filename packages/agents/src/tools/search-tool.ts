import {
  checkFilter,
  checkKeys,
  type Filter,
  type Hit,
  type Note,
  nonNegative,
  positiveInteger,
  type Retriever,
  type Runtime,
} from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { RunnableConfig } from "@langchain/core/runnables";
import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod/v4";
import { checkToolName } from "./agent-tool.js";
import { type FieldChoices, type FilterFields, filterSchema, narrowed } from "./filter-fields.js";
import { asOwnRun, ownConfig } from "./own-config.js";
import { type PlainHit, passagesContent } from "./passages-content.js";
import { toolFailure } from "./tool-failure.js";

/** Options of {@link searchTool}. */
export interface SearchToolOptions {
  /** Name under which a model calls it: letters, digits, `_` and `-`, 64 at most. */
  name: string;
  /** What is in there, in words by which a model decides whether to call it. */
  description: string;
  /** Passages of each search. @default 5 */
  k?: number | undefined;
  /** Only passages that match, whatever a model asks for. @default every passage in scope */
  filter?: Filter | undefined;
  /** Metadata fields that the model may filter by, to narrow further. @default none: it fills in the query alone */
  filterFields?: FilterFields | undefined;
  /** Longest text of all passages of a call, in UTF-16 code units; what is cut leaves a note. @default 20,000 */
  maxChars?: number | undefined;
  /** Milliseconds after which stages that can stop early do so. @default no deadline */
  deadlineMs?: number | undefined;
  /** Draws the marker of the fence. @default that of the system */
  runtime?: Pick<Runtime, "random"> | undefined;
}

/** Artifact of a tool made by {@link searchTool}; plain JSON. */
export interface SearchToolArtifact {
  readonly query: string;
  /** What the content shows, best first. */
  readonly hits: readonly PlainHit[];
  /** What was degraded, cut or skipped. */
  readonly notes: readonly Note[];
}

const optionKeys = ["name", "description", "k", "filter", "filterFields", "maxChars", "deadlineMs", "runtime"];

/**
 * Makes a retriever a tool, for `createAgent` of `langchain` and for any `ToolNode`: its content is the passages, fenced, each under
 * a short id; its artifact a {@link SearchToolArtifact}. A model fills in `query` and nothing else.
 *
 * The id of a passage is made of the passage's own: the same in every call, thread and process, also of calls side by side.
 * A failure is thrown without what looks like a key; `createAgent` makes a ToolMessage of the status "error" of it.
 *
 * @throws ClewError `invalid-option`, `invalid-filter`
 */
export function searchTool(retriever: Retriever, options: SearchToolOptions): StructuredToolInterface {
  checkKeys("searchTool", options, optionKeys);
  const { name, description, filter, filterFields = {}, deadlineMs, runtime } = options;
  checkToolName(name, description);
  const k = positiveInteger("k", options.k ?? 5);
  const maxChars = positiveInteger("maxChars", options.maxChars ?? 20_000);
  if (deadlineMs !== undefined) nonNegative("deadlineMs", deadlineMs);
  if (filter !== undefined) checkFilter(filter);
  const schema = z.strictObject({
    query: z.string().min(1).describe("What to look for, in words that a text about it would hold."),
    ...filterSchema(filterFields),
  });
  const run = async (input: { query: string; filter?: FieldChoices }, config: RunnableConfig) => {
    const { query } = input;
    const own = ownConfig(config);
    try {
      const asked = { k, filter: narrowed(filter, input.filter), signal: config.signal, deadlineMs, config: own };
      const found = await asOwnRun(own, () => retriever.search(query, asked));
      const { content, hits, notes } = passagesContent(found, { idOf: shortId, maxChars, runtime });
      return [content, { query, hits, notes } satisfies SearchToolArtifact];
    } catch (failure) {
      throw toolFailure(failure, config.signal);
    }
  };
  return tool(run, { name, description, schema, responseFormat: "content_and_artifact" }) as StructuredToolInterface;
}

/** 40 bits: of 1,000 passages in one conversation, two share an id once in two million conversations. */
const shortId = ({ passage }: Hit): string => `P${contentHash(passage.id).slice(0, 10)}`;
