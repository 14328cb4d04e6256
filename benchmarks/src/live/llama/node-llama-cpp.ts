import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ClewError } from "@clew/core";

// The parts of node-llama-cpp 3.22.1 that are used. It is no dependency: `npm run test:live` installs it beside.

/** A token's number. */
export type Token = number & { readonly __token: never };

export interface LlamaGrammar {
  readonly grammar: string;
}

export interface Llama {
  loadModel(options: { modelPath: string; loadSignal?: AbortSignal }): Promise<LlamaModel>;
  createGrammarForJsonSchema(schema: object): Promise<LlamaGrammar>;
  getGrammarFor(type: "json"): Promise<LlamaGrammar>;
  dispose(): Promise<void>;
}

export interface LlamaModel {
  readonly tokenizer: unknown;
  createContext(options: {
    contextSize: number;
    batchSize: number;
    threads: number;
    lora?: string;
  }): Promise<LlamaContext>;
}

export interface LlamaContext {
  readonly contextSize: number;
  getSequence(): LlamaSequence;
  dispose(): Promise<void>;
}

export interface LlamaSequence {
  readonly nextTokenIndex: number;
  readonly tokenMeter: { readonly usedOutputTokens: number };
  adaptStateToTokens(tokens: readonly Token[], allowShift: boolean): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]): Promise<void>;
}

export type ChatHistoryItem =
  | { readonly type: "system" | "user"; readonly text: string }
  | { readonly type: "model"; readonly response: readonly string[] };

export interface ChatWrapper {
  generateContextState(options: { chatHistory: readonly ChatHistoryItem[] }): {
    readonly contextText: { tokenize(tokenizer: unknown): Token[] };
  };
}

export interface GenerateOptions {
  readonly signal: AbortSignal;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly seed?: number;
  readonly grammar?: LlamaGrammar;
  readonly customStopTriggers: readonly string[];
  readonly repeatPenalty: false;
  readonly onTextChunk: (text: string) => void;
}

export interface LlamaChat {
  generateResponse(
    history: readonly ChatHistoryItem[],
    options: GenerateOptions,
  ): Promise<{ readonly metadata: { readonly stopReason: string } }>;
}

/** What the package exports, as far as it is used. */
export interface NodeLlamaCpp {
  getLlama(options: {
    gpu: false;
    build: "never";
    skipDownload: true;
    logLevel: "error";
    maxThreads: number;
  }): Promise<Llama>;
  readonly LlamaChat: new (options: { contextSequence: LlamaSequence; chatWrapper: ChatWrapper }) => LlamaChat;
  resolveChatWrapper(model: LlamaModel): ChatWrapper;
}

const ownFolder = fileURLToPath(new URL("../../../live/", import.meta.url));

/**
 * Loads node-llama-cpp from where `npm run test:live` installs it.
 *
 * @throws ClewError `missing-package`
 */
export async function loadNodeLlamaCpp(folder = ownFolder): Promise<NodeLlamaCpp> {
  try {
    const entry = createRequire(join(folder, "package.json")).resolve("node-llama-cpp");
    return (await import(pathToFileURL(entry).href)) as NodeLlamaCpp;
  } catch (cause) {
    throw new ClewError("missing-package", "node-llama-cpp is not installed. Run it through: npm run test:live", {
      cause,
    });
  }
}
