import { createRetrievalAgent } from "@clew/agents";
import { type Answer, ClewError, type Filter } from "@clew/core";
import { fileTraces } from "@clew/record";
import { answerJson } from "../../report/answer-json.js";
import { formatAnswer, formatQuery } from "../../report/format-answer.js";
import { chooseModel } from "../choose-model.js";
import { exitCodeOf } from "../exit-code.js";
import { probeCache } from "../probe-cache.js";
import { retrieverFor } from "../retriever-for.js";
import { saySync, syncPaths } from "../sync-paths.js";
import type { Terminal } from "../terminal.js";
import { withWorkspace } from "../workspace.js";

/** Options of `clew ask`. */
export interface AskOptions {
  readonly index?: string;
  readonly embedder?: string;
  readonly model?: string;
  readonly filter?: Filter;
  readonly k?: number;
  readonly hops?: number;
  readonly tokens?: number;
  readonly record?: string;
  readonly json?: boolean;
}

/** `clew ask <paths…> "question"`: indexes what is new, then answers. Returns the exit code. */
export async function ask(words: readonly string[], options: AskOptions, terminal: Terminal): Promise<number> {
  const question = words.at(-1)?.trim() ?? "";
  const paths = words.slice(0, -1);
  if (question === "" || (paths.length === 0 && options.index === undefined)) {
    throw new ClewError("invalid-option", 'Usage: clew ask <paths…> "question", or clew ask --index DIR "question".');
  }
  const { index, embedder, json = false, filter, k, hops, tokens, record } = options;
  const models =
    options.model === undefined
      ? {}
      : { models: { default: await chooseModel(options.model, terminal.environment, probeCache(terminal)) } };
  return withWorkspace({ paths, index, embedder, create: paths.length > 0 }, terminal, async (workspace) => {
    // the model loads while the files are compared; the search reports why it failed, if it did
    workspace.embedder?.embedQuery(question, { signal: terminal.signal }).catch(() => undefined);
    if (paths.length > 0) saySync(await syncPaths(workspace, paths, terminal), terminal);
    const agent = createRetrievalAgent({
      retriever: retrieverFor(workspace, "linked"),
      ...models,
      ...(record === undefined ? {} : { traces: fileTraces(record) }),
      budget: { hops, tokens },
    });
    let answer: Answer | undefined;
    for await (const event of agent.stream(question, { signal: terminal.signal, filter, k })) {
      if (event.type === "query" && !json) terminal.print(formatQuery(event));
      if (event.type === "done") answer = event.answer;
    }
    if (answer === undefined) throw new ClewError("retriever-failed", "The run ended without an answer.");
    const kept = record === undefined ? {} : { record: { run: answer.id, root: answer.trace.lines.at(-1)!.hash } };
    terminal.print(
      json ? JSON.stringify({ ...answerJson(answer), ...kept }, null, 2) : `\n${formatAnswer(answer, { hops: false })}`,
    );
    if (kept.record !== undefined) {
      terminal.say(`The record of run ${kept.record.run} is in ${record}. Root: ${kept.record.root}`);
    }
    return exitCodeOf(answer.status);
  });
}
