import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ClewError } from "@clew/core";
import { endpoint } from "@clew/endpoints";
import { adapterPath } from "./ask-with-adapter.js";
import { type CheckedEndpoint, checkEndpoint, checkedWith } from "./check-endpoint.js";
import { type LlamaServer, startLlamaServer } from "./llama-server/start-llama-server.js";
import { type QuotedEvidence, quoteGivenEvidence } from "./quote-given-evidence.js";
import { writerTokens } from "./writer-agent.js";

/** Options of {@link checkLlamaServer}. */
export interface CheckLlamaServerOptions {
  /** Folder of models. */
  readonly models: string;
  /** The model's file. */
  readonly file: string;
  readonly name: string;
  readonly threads: number;
}

/** What llama.cpp's own server did behind an endpoint of its kind. */
export interface CheckedLlamaServer {
  /** Why it was not asked; all else is absent then. */
  readonly skipped?: string | undefined;
  readonly served?: CheckedEndpoint | undefined;
  /** Absent where there is no adapter. */
  readonly quoted?: QuotedEvidence | undefined;
  readonly wrong: readonly string[];
}

const questions = 10;

/** Checks the kind `llamacpp` against llama.cpp's own server, and its adapter request by request; says so where it is not installed. */
export async function checkLlamaServer(options: CheckLlamaServerOptions): Promise<CheckedLlamaServer> {
  const { models, file, name, threads } = options;
  const path = join(models, adapterPath);
  const adapter = (await stat(path).catch(() => undefined)) === undefined ? undefined : path;
  let server: LlamaServer;
  try {
    server = await startLlamaServer({ file, name, adapter, threads });
  } catch (error) {
    if (!(error instanceof ClewError) || error.code !== "missing-package") throw error;
    console.log(`Left out, the kind llamacpp. ${error.message}`);
    return { skipped: error.message, wrong: [] };
  }
  try {
    const made = { ...checkedWith, kind: "llamacpp", baseURL: server.url } as const;
    const served = await checkEndpoint(endpoint(made), server);
    const told = `${served.probe}\n${served.pieces} pieces streamed, ${served.atOnce} answers at once, `;
    console.log(`${told}free ${Math.round(served.freedMs)} ms behind an abort`);
    if (adapter === undefined) {
      console.log(`The adapter is not asked: that takes ${adapterPath} among the models.`);
      return { served, wrong: served.wrong };
    }
    const writer = { ...made, maxTokens: writerTokens };
    const quoted = await quoteGivenEvidence({
      models,
      base: endpoint({ ...writer, lora: [] }),
      adapter: endpoint({ ...writer, lora: [{ id: 0, scale: 1 }] }),
      questions,
    });
    console.table({ base: quoted.base, adapter: quoted.adapter });
    return { served, quoted, wrong: [...served.wrong, ...quoted.wrong] };
  } finally {
    await server.close();
  }
}
