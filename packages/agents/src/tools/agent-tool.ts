import {
  type Answer,
  type Budget,
  ClewError,
  checkFilter,
  checkKeys,
  type Filter,
  invalidOption,
  type Runtime,
} from "@clew/core";
import type { RunnableConfig } from "@langchain/core/runnables";
import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { z } from "zod/v4";
import type { AgentEvent } from "../agent-event.js";
import { budgetOf } from "../check-run.js";
import type { RetrievalAgent } from "../retrieval-agent.js";
import { answerContent } from "./answer-content.js";
import { type FieldChoices, type FilterFields, filterSchema, narrowed } from "./filter-fields.js";
import { asOwnRun, ownConfig } from "./own-config.js";
import { toolFailure } from "./tool-failure.js";

/** Options of {@link agentTool}. */
export interface AgentToolOptions {
  /** Name under which a model calls it: letters, digits, `_` and `-`, 64 at most. */
  name: string;
  /** What it knows about, in words by which a model decides whether to call it. */
  description: string;
  /** Limits of each call, each over the agent's own. @default the agent's */
  budget?: Budget | undefined;
  /** Only passages that match are evidence, whatever a model asks for. @default none is left out */
  filter?: Filter | undefined;
  /** Metadata fields that the model may filter by, to narrow further. @default none: it fills in the question alone */
  filterFields?: FilterFields | undefined;
  /** Draws the marker of the fence. @default that of the system */
  runtime?: Pick<Runtime, "random"> | undefined;
}

/** What a tool made by {@link agentTool} writes to its graph's `custom` stream while it works. */
export interface AgentToolEvent {
  /** Name of the tool. */
  readonly tool: string;
  readonly event: AgentEvent;
}

const optionKeys = ["name", "description", "budget", "filter", "filterFields", "runtime"];
const describedQuestion = "One whole question in plain words, understandable without the conversation.";

/**
 * Makes an agent a LangChain tool: its content is the answer for a model (see {@link answerContent}; an abstention says so), its
 * artifact the `Answer` as plain JSON. A model fills in `question` and nothing else; scope, budget and filter are the developer's.
 *
 * Each call is a run of its own, without thread, under the caller's callbacks and signal. A failure is thrown without what looks
 * like a key; `ToolNode` and `createAgent` make a ToolMessage of the status "error" of it.
 *
 * @throws ClewError `invalid-option`, `invalid-filter`
 */
export function agentTool(agent: Pick<RetrievalAgent, "stream">, options: AgentToolOptions): StructuredToolInterface {
  checkKeys("agentTool", options, optionKeys);
  const { name, description, filter, filterFields = {}, runtime } = options;
  checkToolName(name, description);
  if (filter !== undefined) checkFilter(filter);
  const budget = options.budget === undefined ? undefined : budgetOf(options.budget);
  const schema = z.strictObject({
    question: z.string().min(1).describe(describedQuestion),
    ...filterSchema(filterFields),
  });
  const run = async (input: { question: string; filter?: FieldChoices }, config: LangGraphRunnableConfig) => {
    const asked = { budget, filter: narrowed(filter, input.filter), config: ownConfig(config as RunnableConfig) };
    try {
      const answer = await asOwnRun(asked.config, async (): Promise<Answer> => {
        for await (const event of agent.stream(input.question, asked)) {
          if (event.type === "done") return event.answer;
          config.writer?.({ tool: name, event } satisfies AgentToolEvent);
        }
        throw new ClewError("invalid-output", "The run ended without an answer.");
      });
      return [answerContent(answer, { runtime }), JSON.parse(JSON.stringify(answer))];
    } catch (failure) {
      throw toolFailure(failure, config.signal);
    }
  };
  return tool(run, { name, description, schema, responseFormat: "content_and_artifact" }) as StructuredToolInterface;
}

/** @throws ClewError `invalid-option` */
export function checkToolName(name: unknown, description: unknown): void {
  if (typeof name !== "string" || !/^[\w-]{1,64}$/.test(name)) {
    throw invalidOption("name", "1 to 64 letters, digits, _ and -: what providers accept", name);
  }
  if (typeof description !== "string" || description.trim() === "") {
    throw invalidOption("description", "a text by which a model decides whether to call the tool", description);
  }
}
