import { ApiError } from "../server/api-error.js";
import type { CompletionEngine, OutputFormat, PromptMessage } from "../server/completion-engine.js";
import { grammarSchema } from "./grammar-schema.js";
import {
  type ChatHistoryItem,
  type Llama,
  type LlamaGrammar,
  type LlamaSequence,
  loadNodeLlamaCpp,
  type NodeLlamaCpp,
  type Token,
} from "./node-llama-cpp.js";

/** Options of {@link llamaEngine}. */
export interface LlamaEngineOptions {
  /** Path of a GGUF file. */
  readonly file: string;
  /** Name under which it is served. */
  readonly name: string;
  /** Threads. llama.cpp spins while it waits: as many as there are free cores, never more. */
  readonly threads: number;
  /** Longest prompt and answer together, in tokens. @default 8192 */
  readonly contextTokens?: number | undefined;
  /** @default the one that `npm run test:live` installs */
  readonly library?: NodeLlamaCpp | undefined;
}

// A signal is heard between two batches, and this is about 100 ms of a small model on one core.
const batchSize = 32;

/** An engine over a GGUF file and llama.cpp, on the CPU. What prompts have in common at their beginning is evaluated once. */
export async function llamaEngine({
  file,
  name,
  threads,
  contextTokens = 8192,
  library,
}: LlamaEngineOptions): Promise<CompletionEngine> {
  const llamaCpp = library ?? (await loadNodeLlamaCpp());
  const llama = await llamaCpp.getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    logLevel: "error",
    maxThreads: threads,
  });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: contextTokens, batchSize, threads });
  const sequence = context.getSequence();
  const chatWrapper = llamaCpp.resolveChatWrapper(model);
  const chat = new llamaCpp.LlamaChat({ contextSequence: sequence, chatWrapper });
  const grammars = new Map<string, LlamaGrammar>();

  return {
    models: [name],
    complete: async ({ messages, format, maxTokens, temperature, topP, seed, stop }, { signal, onText }) => {
      const grammar = await grammarOf(llama, format, grammars);
      const chatHistory = [...messages.map(historyItem), { type: "model", response: [] } as const];
      const prompt = chatWrapper.generateContextState({ chatHistory }).contextText.tokenize(model.tokenizer);
      const room = context.contextSize - prompt.length - 1;
      if (room < 1) {
        throw new ApiError(`The prompt has ${prompt.length} tokens; the context holds ${context.contextSize}.`, {
          code: "context_length_exceeded",
          param: "messages",
        });
      }
      await readAhead(sequence, prompt, signal);
      const before = sequence.tokenMeter.usedOutputTokens;
      let text = "";
      const { metadata } = await chat.generateResponse(chatHistory, {
        signal,
        maxTokens: Math.min(maxTokens, room),
        temperature,
        topP,
        ...(seed === undefined ? {} : { seed }),
        ...(grammar === undefined ? {} : { grammar }),
        customStopTriggers: stop,
        repeatPenalty: false,
        onTextChunk: (piece) => {
          text += piece;
          onText(piece);
        },
      });
      return {
        text,
        finish: metadata.stopReason === "maxTokens" ? "length" : "stop",
        inputTokens: prompt.length,
        outputTokens: sequence.tokenMeter.usedOutputTokens - before,
      };
    },
    close: () => llama.dispose(),
  };
}

/** Evaluates a prompt but for its last token, batch by batch: `generateResponse` would hear the signal only behind all of it. */
async function readAhead(sequence: LlamaSequence, prompt: readonly Token[], signal: AbortSignal): Promise<void> {
  const ahead = prompt.slice(0, -1);
  signal.throwIfAborted();
  await sequence.adaptStateToTokens(ahead, false);
  for (let at = sequence.nextTokenIndex; at < ahead.length; at += batchSize) {
    signal.throwIfAborted();
    await sequence.evaluateWithoutGeneratingNewTokens(ahead.slice(at, at + batchSize));
  }
}

async function grammarOf(
  llama: Llama,
  format: OutputFormat,
  made: Map<string, LlamaGrammar>,
): Promise<LlamaGrammar | undefined> {
  if (format.kind === "text") return undefined;
  const key = JSON.stringify(format);
  const grammar =
    made.get(key) ??
    (format.kind === "json"
      ? await llama.getGrammarFor("json")
      : await llama.createGrammarForJsonSchema(grammarSchema(format.schema)));
  made.set(key, grammar);
  return grammar;
}

const historyItem = ({ role, text }: PromptMessage): ChatHistoryItem =>
  role === "assistant" ? { type: "model", response: [text] } : { type: role, text };
