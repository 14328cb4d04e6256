import { invalidOption } from "@clew/core";
import { ApiError } from "../server/api-error.js";
import type { CompletionEngine, OutputFormat, PromptMessage } from "../server/completion-engine.js";
import { grammarSchema } from "./grammar-schema.js";
import {
  type ChatHistoryItem,
  type Llama,
  type LlamaChat,
  type LlamaContext,
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
  /** Paths of LoRA adapters of the model, by the name under which each is served. @default none */
  readonly adapters?: Readonly<Record<string, string>> | undefined;
  /** @default the one that `npm run test:live` installs */
  readonly library?: NodeLlamaCpp | undefined;
}

// A signal is heard between two batches, and this is about 100 ms of a small model on one core.
const batchSize = 32;

/** A {@link CompletionEngine} whose adapters can be taken away while it serves. */
export interface LlamaEngine extends CompletionEngine {
  /** Unloads an adapter; requests for it are answered with status 404 from then on. Not while it works on one. */
  unload(adapter: string): Promise<void>;
}

/** What one model, with an adapter or without, is evaluated in. */
interface Place {
  readonly context: LlamaContext;
  readonly sequence: LlamaSequence;
  readonly chat: LlamaChat;
}

/**
 * An engine over a GGUF file and llama.cpp, on the CPU. What prompts have in common at their beginning is evaluated once.
 * The weights are loaded once; each adapter has a context of its own over them.
 */
export async function llamaEngine({
  file,
  name,
  threads,
  contextTokens = 8192,
  adapters = {},
  library,
}: LlamaEngineOptions): Promise<LlamaEngine> {
  const llamaCpp = library ?? (await loadNodeLlamaCpp());
  const llama = await llamaCpp.getLlama({
    gpu: false,
    build: "never",
    skipDownload: true,
    logLevel: "error",
    maxThreads: threads,
  });
  const model = await llama.loadModel({ modelPath: file });
  const chatWrapper = llamaCpp.resolveChatWrapper(model);
  const places = new Map<string, Place>();
  for (const [served, lora] of [[name, undefined] as const, ...Object.entries(adapters)]) {
    const limits = { contextSize: contextTokens, batchSize, threads };
    const context = await model.createContext({ ...limits, ...(lora === undefined ? {} : { lora }) });
    const sequence = context.getSequence();
    const chat = new llamaCpp.LlamaChat({ contextSequence: sequence, chatWrapper });
    places.set(served, { context, sequence, chat });
  }
  const grammars = new Map<string, LlamaGrammar>();

  return {
    get models() {
      return [...places.keys()];
    },
    unload: async (adapter) => {
      if (!Object.hasOwn(adapters, adapter)) throw invalidOption("adapter", "the name of an adapter", adapter);
      const place = places.get(adapter);
      places.delete(adapter);
      await place?.context.dispose();
    },
    complete: async (
      { model: served, messages, format, maxTokens, temperature, topP, seed, stop },
      { signal, onText },
    ) => {
      const place = places.get(served);
      if (place === undefined) throw new ApiError(`There is no model "${served}".`, { status: 404, param: "model" });
      const { context, sequence, chat } = place;
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
