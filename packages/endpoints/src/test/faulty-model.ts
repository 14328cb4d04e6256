import { ClewError, sleep, systemRuntime, untilAborted } from "@clew/core";
import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";

/** What happens to one call of a {@link FaultyModel}. */
export type Fault =
  | "none"
  | "missing"
  | "unknown"
  | "busy"
  | "broken"
  | "unreachable"
  | "silent"
  | "empty"
  | "refused"
  | "bad-request"
  | "cut-early"
  | "cut-late"
  | "stalls";

/** Faults that come before the first token, and that another model may mend. */
export const mendable: ReadonlySet<Fault> = new Set<Fault>([
  ...(["missing", "unknown", "busy", "broken", "unreachable", "silent", "empty", "cut-early"] as const),
]);
/** Faults after the first token. */
export const late: ReadonlySet<Fault> = new Set<Fault>(["cut-late", "stalls"]);

const withStatus = (status: number, message: string): Error => Object.assign(new Error(message), { status });

/** A chat model that answers `NAME says: …` word by word, and fails as a schedule says. */
export class FaultyModel extends BaseChatModel {
  readonly model: string;
  /** Call options of each call, in order. */
  readonly calls: object[] = [];
  private readonly fault: (call: number) => Fault;

  constructor(name: string, fault: (call: number) => Fault = () => "none") {
    super({});
    this.model = name;
    this.fault = fault;
  }

  override _llmType(): string {
    return "faulty";
  }

  get said(): string {
    return `${this.model} says: the thread leads out.`;
  }

  override bindTools(tools: BindToolsInput[], kwargs: object = {}) {
    return this.withConfig({ tools, boundBy: this.model, ...kwargs } as object);
  }

  override async _generate(_messages: BaseMessage[]): Promise<ChatResult> {
    throw new Error("only streams");
  }

  override async *_streamResponseChunks(
    _messages: BaseMessage[],
    options: this["ParsedCallOptions"],
  ): AsyncGenerator<ChatGenerationChunk> {
    const fault = this.fault(this.calls.length);
    this.calls.push(options);
    const { signal } = options;
    const chunk = (text: string, fields: object = {}): ChatGenerationChunk =>
      new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, ...fields }) });
    switch (fault) {
      case "missing":
        throw withStatus(404, "not here");
      case "unknown":
        throw withStatus(400, `The model ${this.model} does not exist.`);
      case "busy":
        throw withStatus(429, "slow down");
      case "broken":
        throw withStatus(500, "no");
      case "unreachable":
        throw new TypeError("fetch failed");
      case "refused":
        throw new ClewError("service-refused", "The key was refused.");
      case "bad-request":
        throw withStatus(400, "the prompt is too long");
      case "silent":
        await sleep(1_000_000, signal);
        break;
      case "empty":
        return;
      default:
    }
    yield chunk("", { response_metadata: { model_name: this.model } });
    if (fault === "cut-early") throw new Error("terminated");
    const words = this.said.match(/\S+\s*/g)!;
    for await (const [at, word] of untilAborted(words.entries(), signal)) {
      yield chunk(word);
      if (at === 1 && fault === "cut-late") throw new Error("terminated");
      if (at === 1 && fault === "stalls") await sleep(1_000_000, signal);
    }
    yield chunk("", { usage_metadata: { input_tokens: 1, output_tokens: 6, total_tokens: 7 } });
  }
}

/** Now, in a test's hands. */
export const aClock = (): { now: () => number; by: (ms: number) => void } => {
  let time = systemRuntime.now();
  return {
    now: () => time,
    by: (ms) => {
      time += ms;
    },
  };
};
