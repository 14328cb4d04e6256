import { describe, expect, it } from "vitest";
import type { CompletionRequest } from "../server/completion-engine.js";
import { llamaEngine } from "./llama-engine.js";
import type { GenerateOptions, NodeLlamaCpp, Token } from "./node-llama-cpp.js";

interface Library {
  readonly library: NodeLlamaCpp;
  readonly batches: number[];
  readonly generated: GenerateOptions[];
  readonly schemas: object[];
  /** Adapters of the contexts that were made, and of those that were disposed of. */
  readonly loaded: (string | undefined)[];
  readonly disposed: (string | undefined)[];
}

/** A library whose tokens are words, and whose model says "so it is". */
function wordLibrary(onBatch: () => void = () => undefined): Library {
  const batches: number[] = [];
  const generated: GenerateOptions[] = [];
  const schemas: object[] = [];
  const loaded: (string | undefined)[] = [];
  const disposed: (string | undefined)[] = [];
  let read: readonly Token[] = [];
  const meter = { usedOutputTokens: 10 };
  const sequence = {
    get nextTokenIndex() {
      return read.length;
    },
    tokenMeter: meter,
    adaptStateToTokens: async (tokens: readonly Token[]) => {
      const shared = read.findIndex((token, at) => token !== tokens[at]);
      read = read.slice(0, shared < 0 ? read.length : shared);
    },
    evaluateWithoutGeneratingNewTokens: async (tokens: readonly Token[]) => {
      batches.push(tokens.length);
      read = [...read, ...tokens];
      onBatch();
    },
  };
  const library: NodeLlamaCpp = {
    getLlama: async () => ({
      loadModel: async () => ({
        tokenizer: undefined,
        createContext: async ({ contextSize, lora }) => {
          loaded.push(lora);
          return { contextSize, getSequence: () => sequence, dispose: async () => void disposed.push(lora) };
        },
      }),
      createGrammarForJsonSchema: async (schema) => {
        schemas.push(schema);
        return { grammar: "schema" };
      },
      getGrammarFor: async () => ({ grammar: "json" }),
      dispose: async () => undefined,
    }),
    resolveChatWrapper: () => ({
      generateContextState: ({ chatHistory }) => ({
        contextText: {
          tokenize: () =>
            chatHistory
              .flatMap((item) => ("text" in item ? item.text.split(" ") : []))
              .map((word) => word.length as Token),
        },
      }),
    }),
    LlamaChat: class {
      async generateResponse(_: unknown, options: GenerateOptions) {
        generated.push(options);
        for (const piece of ["so ", "it ", "is"]) options.onTextChunk(piece);
        meter.usedOutputTokens += 3;
        return { metadata: { stopReason: options.maxTokens <= 3 ? "maxTokens" : "eogToken" } };
      }
    },
  };
  return { library, batches, generated, schemas, loaded, disposed };
}

const request = (words: number, more: Partial<CompletionRequest> = {}): CompletionRequest => ({
  model: "m",
  messages: [{ role: "user", text: Array.from({ length: words }, (_, at) => "x".repeat((at % 7) + 1)).join(" ") }],
  format: { kind: "text" },
  maxTokens: 50,
  temperature: 0,
  topP: 1,
  stop: [],
  ...more,
});

const open = async (made: Library) => {
  const engine = await llamaEngine({
    file: "m.gguf",
    name: "m",
    threads: 1,
    contextTokens: 100,
    library: made.library,
  });
  return (asked: CompletionRequest, signal = new AbortController().signal) => {
    const pieces: string[] = [];
    return engine
      .complete(asked, { signal, onText: (text) => pieces.push(text) })
      .then((done) => ({ ...done, pieces }));
  };
};

describe("llamaEngine", () => {
  it("reads the prompt in batches, once, and counts tokens", async () => {
    const made = wordLibrary();
    const complete = await open(made);
    const done = await complete(request(71));
    expect(done).toEqual({
      text: "so it is",
      pieces: ["so ", "it ", "is"],
      finish: "stop",
      inputTokens: 71,
      outputTokens: 3,
    });
    expect(made.batches).toEqual([32, 32, 6]);
    await complete(request(80));
    expect(made.batches.slice(3)).toEqual([9]);
  });

  it("stops between two batches", async () => {
    const controller = new AbortController();
    const made = wordLibrary(() => controller.abort(new Error("gone")));
    const complete = await open(made);
    await expect(complete(request(90), controller.signal)).rejects.toThrow("gone");
    expect(made.batches).toEqual([32]);
    expect(made.generated).toEqual([]);
  });

  it("refuses a prompt that the context does not hold, and writes no more than it holds", async () => {
    const made = wordLibrary();
    const complete = await open(made);
    await expect(complete(request(100))).rejects.toMatchObject({ status: 400, code: "context_length_exceeded" });
    expect(made.batches).toEqual([]);
    expect((await complete(request(96))).finish).toBe("length");
    expect(made.generated[0]?.maxTokens).toBe(3);
  });

  it("makes each grammar once", async () => {
    const made = wordLibrary();
    const complete = await open(made);
    const schema = { type: "object", properties: { text: { type: "string", title: "Text" } } };
    await complete(request(3, { format: { kind: "schema", schema } }));
    await complete(request(3, { format: { kind: "schema", schema }, stop: ["."], seed: 7 }));
    await complete(request(3, { format: { kind: "json" } }));
    expect(made.schemas).toEqual([{ type: "object", properties: { text: { type: "string" } } }]);
    expect(made.generated.map(({ grammar }) => grammar?.grammar)).toEqual(["schema", "schema", "json"]);
    expect(made.generated[1]).toMatchObject({
      customStopTriggers: ["."],
      seed: 7,
      temperature: 0,
      repeatPenalty: false,
    });
  });

  it("evaluates an adapter in a context of its own, and unloads it", async () => {
    const made = wordLibrary();
    const adapters = { tuned: "tuned.gguf" };
    const engine = await llamaEngine({ ...{ file: "m.gguf", name: "m", threads: 1 }, adapters, library: made.library });
    expect([engine.models, made.loaded]).toEqual([
      ["m", "tuned"],
      [undefined, "tuned.gguf"],
    ]);
    const how = { signal: new AbortController().signal, onText: () => undefined };
    expect((await engine.complete(request(3, { model: "tuned" }), how)).text).toBe("so it is");
    await expect(engine.unload("m")).rejects.toMatchObject({ code: "invalid-option" });
    await engine.unload("tuned");
    expect([engine.models, made.disposed]).toEqual([["m"], ["tuned.gguf"]]);
    await expect(engine.complete(request(3, { model: "tuned" }), how)).rejects.toMatchObject({ status: 404 });
    expect((await engine.complete(request(3), how)).text).toBe("so it is");
  });
});
