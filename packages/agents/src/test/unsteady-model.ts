import { sleep } from "@clew/core";
import type { ScriptedAnswer, ScriptedRequest } from "@clew/core/testing";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";

/** What a model does with one request. */
export type Mood = "good" | "nonsense" | "fails" | "breaks" | "cut" | "slow" | "busy";

/** Options of {@link unsteadyModel}. */
export interface UnsteadyModelOptions {
  /** Numbers in [0, 1). */
  random: () => number;
  /** Drawn from for each request. */
  moods: readonly Mood[];
  /** What it says in a good mood. */
  says: (request: Pick<ScriptedRequest, "messages">) => ScriptedAnswer;
  /** Whether it counts its tokens. */
  counts: boolean;
}

/** A chat model without tools that streams in pieces of chance, and does not always come to its end. */
export const unsteadyModel = (options: UnsteadyModelOptions): BaseChatModel => new Unsteady(options);

class Unsteady extends BaseChatModel {
  readonly model = "unsteady";

  constructor(private readonly options: UnsteadyModelOptions) {
    super({});
  }

  override _llmType(): string {
    return "unsteady";
  }

  override _generate(): Promise<ChatResult> {
    throw new Error("it only streams");
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    { signal }: this["ParsedCallOptions"],
  ): AsyncGenerator<ChatGenerationChunk> {
    const { random, moods, says, counts } = this.options;
    const mood = moods[Math.floor(random() * moods.length)]!;
    if (mood === "fails") throw new Error("the model fell over");
    if (mood === "busy") throw Object.assign(new Error("too many requests"), { status: 429 });
    const text =
      mood === "nonsense" ? 'Blue ideas [E99] sleep. They cite [E1: "nothing"] furiously' : said(says({ messages }));
    const whole = mood === "cut" || mood === "breaks" ? text.slice(0, Math.ceil(text.length * random())) : text;
    for (let at = 0; at < whole.length; ) {
      const size = 1 + Math.floor(random() * 60);
      if (mood === "slow") await sleep(random() * 12, signal);
      yield chunk({ content: whole.slice(at, at + size) });
      at += size;
    }
    if (mood === "breaks") throw new Error("the connection broke");
    yield chunk({
      content: "",
      ...(counts ? { usage_metadata: { input_tokens: 50, output_tokens: 20, total_tokens: 70 } } : {}),
      response_metadata: { finish_reason: mood === "cut" ? "length" : "stop" },
    });
  }
}

const chunk = (fields: object): ChatGenerationChunk => {
  const message = new AIMessageChunk(fields as { content: string });
  return new ChatGenerationChunk({ text: message.text, message });
};

function said(answer: ScriptedAnswer): string {
  if (typeof answer === "string") return answer;
  if (answer instanceof Error) throw answer;
  return answer.content ?? JSON.stringify(answer.json);
}
