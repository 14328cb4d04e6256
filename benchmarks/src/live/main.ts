import { availableParallelism } from "node:os";
import { positiveInteger } from "@clew/core";
import { endpoint } from "@clew/endpoints";
import { ChatOpenAI } from "@langchain/openai";
import { Command } from "commander";
import { writeReport } from "../write-report.js";
import { askAll } from "./ask-all.js";
import { askWithSchema } from "./ask-with-schema.js";
import { checkEndpoint, checkedWith } from "./check-endpoint.js";
import { checkLlamaServer } from "./check-llama-server.js";
import { adaptersIn, compareAdapter } from "./compare-adapter.js";
import { findChatModel } from "./find-chat-model.js";
import { leaveMidStream } from "./leave-mid-stream.js";
import { llamaEngine } from "./llama/llama-engine.js";
import { rowOf, summarise } from "./report.js";
import { sampleCorpus } from "./sample-corpus.js";
import { serveChat } from "./server/serve-chat.js";

interface LiveOptions {
  readonly models?: string;
  readonly questions: number;
  readonly threads: number;
  readonly data?: string;
  readonly adapterQuestions: number;
  readonly seed: number;
  readonly llamaServer: boolean;
  readonly out?: string;
}

const name = "smollm2-135m-instruct";
const integer = (value: string): number => positiveInteger("number", Number(value));
const count = (value: string): number => (Number(value) === 0 ? 0 : integer(value));

/** Longest answer of the model, in tokens: short enough that some are cut off. */
const maxTokens = 128;

async function live(options: LiveOptions): Promise<void> {
  const {
    models = process.env.CLEW_MODELS,
    questions,
    threads,
    data,
    adapterQuestions,
    seed,
    llamaServer,
    out,
  } = options;
  const file = await findChatModel(models);
  const own = llamaServer ? await checkLlamaServer({ models: models!, file, name, threads }) : undefined;
  const engine = await llamaEngine({ file, name, threads, adapters: await adaptersIn(models!) });
  const server = await serveChat(engine);
  console.log(`${name} on ${server.url}, threads: ${threads}`);
  const corpus = await sampleCorpus();
  const { view, texts } = corpus;
  const model = new ChatOpenAI({
    model: name,
    apiKey: "none",
    temperature: 0,
    maxTokens,
    maxRetries: 0,
    configuration: { baseURL: server.url },
  });
  try {
    const chat = endpoint({ ...checkedWith, kind: "openai-compatible", model: name, baseURL: server.url });
    const served = await checkEndpoint(chat, { isBusy: () => server.busy, abandoned: () => server.abandoned });
    console.log(`${served.probe}\n${served.pieces} pieces streamed, ${served.atOnce} answers at once`);
    const tuned = await compareAdapter({
      ...{ models: models!, data, questions: adapterQuestions, seed, base: name },
      ...{ url: server.url, engine },
    });
    const filled = await askWithSchema({ view, texts, url: server.url, model: name });
    console.log({ filled: filled.values });
    const all = await askAll({
      questions: corpus.questions.slice(0, questions),
      view,
      texts,
      model,
      onAsked: (asked, index) => {
        const { status, verdicts, seconds, wrong } = rowOf(asked);
        console.log(
          `${index + 1}. ${asked.question}\n   routed by ${asked.routed}: ${status} in ${seconds} s; ${verdicts}; wrong: ${wrong}`,
        );
      },
    });
    const stream = await leaveMidStream({ question: corpus.questions[0]!, view, model, server });
    const summary = summarise(all, texts);
    console.table(all.map(rowOf));
    console.log({ ...summary, stream });
    if (out !== undefined) await writeReport(out, { summary, stream, own, served, tuned, filled, all });

    const wrong = [
      ...all,
      { question: "The stream that was left", wrong: stream.wrong },
      { question: "llama.cpp's own server", wrong: own?.wrong ?? [] },
      { question: "The endpoint", wrong: served.wrong },
      { question: "The adapter", wrong: tuned.flatMap((one) => one.report.wrong) },
      { question: "The schema", wrong: filled.wrong },
    ].flatMap((one) => one.wrong.map((what) => `${one.question}: ${what}`));
    // a check that had nothing to check has proven nothing
    if (questions > 0 && summary.citations === 0) wrong.push("No answer cited anything.");
    for (const one of wrong) console.error(`failed: ${one}`);
    console.log(
      wrong.length > 0
        ? `${wrong.length} failed`
        : `${summary.questions} questions completed; ${summary.verbatim} of ${summary.citations} citations verbatim`,
    );
    if (wrong.length > 0) process.exitCode = 1;
  } finally {
    await corpus.close();
    await server.close();
  }
}

new Command("test:live")
  .description("Asks a real, very small chat model the questions of the sample corpus and checks every answer.")
  .option("--models <dir>", "folder of models; without it, the environment variable CLEW_MODELS")
  .option("--questions <n>", "how many; 0: none", count, 20)
  .option(
    "--threads <n>",
    "of the model; more than there are idle cores is very slow",
    integer,
    Math.max(1, availableParallelism() - 1),
  )
  .option("--data <dir>", "BEIR folder for the adapter; without it, ../shared/datasets/hotpotqa")
  .option("--adapter-questions <n>", "how many are asked with the adapter and without; 0: none", count, 40)
  .option("--seed <n>", "seed of their draw", integer, 7)
  .option("--no-llama-server", "leave out llama.cpp's own server, which takes Python 3 with pip")
  .option("--out <file>", "write JSON")
  .action(live)
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
