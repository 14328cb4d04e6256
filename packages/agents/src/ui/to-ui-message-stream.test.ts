import type { Answer, AnswerSentence, Citation, EvidenceId } from "@clew/core";
import { readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { AgentEvent } from "../agent-event.js";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { chainQuestion, endless, myths } from "../test/myths.js";
import { modelOf } from "../test/wise-model.js";
import { type AgentEvents, type ToUIMessageStreamOptions, toUIMessageStream } from "./to-ui-message-stream.js";
import type { ClewUIData, ClewUIMessageChunk } from "./ui-message-chunk.js";

type Message = UIMessage<unknown, ClewUIData>;

const cite = (number: number, fields: Partial<Citation> = {}): Citation => ({
  evidence: `E${number}` as EvidenceId,
  quote: `quote ${number}`,
  source: `s${number}.md`,
  title: `Source ${number}`,
  span: [0, 7],
  line: 1,
  ...fields,
});
const said = (text: string, number = 1, fields: Partial<AnswerSentence> = {}): AnswerSentence => ({
  text,
  citations: [cite(number)],
  verdict: "supported",
  reasons: [],
  ...fields,
});
const doubted = (text: string): AnswerSentence => said(text, 9, { verdict: "unsupported", reasons: ["no"] });
const sentence = (one: AnswerSentence, attempt = 1): AgentEvent => ({ type: "sentence", attempt, sentence: one });
const done = (sentences: readonly AnswerSentence[], fields: Partial<Answer> = {}): AgentEvent => ({
  type: "done",
  answer: {
    id: "run-1",
    question: "?",
    status: "answered",
    text: sentences.map(({ text }) => text).join(" "),
    sentences,
    citations: [],
    evidence: [],
    hops: [],
    notes: [],
    usage: { inputTokens: 0, outputTokens: 0, calls: 0, usd: 0 },
    trace: [],
    ...fields,
  } as Answer,
});

async function* from(events: readonly AgentEvent[]): AsyncGenerator<AgentEvent> {
  yield* events;
}

async function chunksOf(events: AgentEvents, options?: ToUIMessageStreamOptions): Promise<ClewUIMessageChunk[]> {
  const chunks: ClewUIMessageChunk[] = [];
  const reader = toUIMessageStream(events, options).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  return chunks;
}

/** The message as the AI SDK's own reader puts it together. */
async function messageOf(events: readonly AgentEvent[], options?: ToUIMessageStreamOptions): Promise<Message> {
  let last: Message | undefined;
  const stream: ReadableStream<UIMessageChunk> = toUIMessageStream(from(events), options);
  for await (const message of readUIMessageStream<Message>({ stream })) last = message;
  return last!;
}

const texts = ({ parts }: Message): string[] => parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
const data = <Name extends keyof ClewUIData>({ parts }: Message, name: Name): ClewUIData[Name][] =>
  parts.flatMap((part) => (part.type === `data-${name}` && "data" in part ? [part.data as ClewUIData[Name]] : []));

describe("toUIMessageStream", () => {
  it("makes chunks that are the AI SDK's", () => {
    expectTypeOf<ClewUIMessageChunk>().toExtend<UIMessageChunk>();
    expectTypeOf<ClewUIMessageChunk>().toExtend<UIMessageChunk<unknown, ClewUIData>>();
  });

  it("streams an agent's run: text, sources, citations, steps", async () => {
    const agent = createRetrievalAgent({ retriever: myths(), models: modelOf({}) });
    const chunks = await chunksOf((signal) => agent.stream(chainQuestion, { signal }), { messageId: "m1" });
    expect(chunks[0]).toEqual({ type: "start", messageId: "m1" });
    expect(chunks.at(-1)).toEqual({ type: "finish", finishReason: "stop" });
    const text = chunks.flatMap((chunk) => (chunk.type === "text-delta" ? [chunk.delta] : [])).join("");
    expect(text).toBe("The Labyrinth was built by Daedalus. [1] Theseus killed the Minotaur there. [2]");
    const transient = chunks.filter((chunk) => "transient" in chunk).map(({ type }) => type);
    expect(new Set(transient)).toEqual(
      new Set(["data-plan", "data-query", "data-hits", "data-evidence", "data-usage"]),
    );
    let message: Message | undefined;
    const stream = toUIMessageStream(agent.stream(chainQuestion)) as ReadableStream<UIMessageChunk>;
    for await (const next of readUIMessageStream<Message>({ stream })) message = next;
    expect(new Set(message!.parts.map(({ type }) => type))).toEqual(
      new Set(["text", "source-document", "data-citation", "data-sentence", "data-answer"]),
    );
    expect(data(message!, "citation")[0]).toMatchObject({
      number: 1,
      sentences: [1],
      quote: "It was built by Daedalus for King Minos",
      source: "labyrinth.md",
    });
    expect(data(message!, "answer")).toEqual([expect.objectContaining({ status: "answered" })]);
  });

  it("shows a sentence when it is verified, before the run has ended", async () => {
    let go = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      go = resolve;
    });
    const events = async function* (): AsyncGenerator<AgentEvent> {
      yield { type: "draft", attempt: 1, text: "One. [E99: forged]" };
      yield sentence(said("One."));
      await waiting;
      yield done([said("One."), said("Two.", 2)]);
    };
    const reader = toUIMessageStream(events()).getReader();
    const shown: ClewUIMessageChunk[] = [];
    while (shown.at(-1)?.type !== "data-sentence") shown.push((await reader.read()).value!);
    expect(shown.map(({ type }) => type)).toEqual([
      "start",
      "text-start",
      "text-delta",
      "source-document",
      "data-citation",
      "data-sentence",
    ]);
    go();
    const rest: ClewUIMessageChunk[] = [];
    for (let next = await reader.read(); !next.done; next = await reader.read()) rest.push(next.value);
    expect(rest[0]).toEqual({ type: "text-delta", id: "text-1", delta: " Two. [2]" });
  });

  it("never shows what was not verified, and what a repair replaced is followed by the whole answer", async () => {
    const repaired = [said("Other.", 2), said("Three.", 3)];
    const message = await messageOf([
      sentence(said("One.")),
      sentence(doubted("Forged.")),
      sentence(said("Late.", 4)),
      sentence(repaired[0]!, 2),
      sentence(repaired[1]!, 2),
      done(repaired),
    ]);
    expect(texts(message)).toEqual(["One. [1]", "Other. [1] Three. [2]"]);
    expect(data(message, "sentence").map((one) => one?.text)).toEqual(["Other.", "Three."]);
    expect(data(message, "citation").map((one) => one?.quote)).toEqual(["quote 2", "quote 3"]);
    // of a draft that begins with a flaw nothing was shown, so the repair is streamed
    const chunks = await chunksOf(from([sentence(doubted("Forged.")), sentence(repaired[0]!, 2), done(repaired)]));
    expect(chunks.filter(({ type }) => type === "text-delta")).toHaveLength(2);
    expect(chunks.filter(({ type }) => type === "text-start")).toHaveLength(1);
  });

  it("says so where a judge takes a sentence back, and withdraws what is no part of the answer", async () => {
    const first = said("One.");
    const refused = { ...first, verdict: "unsupported" as const };
    const marked = await messageOf([sentence(first), sentence(refused), done([refused], { status: "abstained" })]);
    expect(texts(marked)).toEqual(["One. [1] (unsupported)"]);
    expect(data(marked, "sentence")).toEqual([expect.objectContaining({ verdict: "unsupported" })]);
    const shorter = await messageOf([sentence(first), sentence(said("Two.", 2)), done([said("Two.", 2)])]);
    expect(texts(shorter).at(-1)).toBe("Two. [1]");
    expect(data(shorter, "sentence")).toEqual([expect.objectContaining({ text: "Two." }), null]);
    expect(data(shorter, "citation")).toEqual([expect.objectContaining({ quote: "quote 2" }), null]);
  });

  it("names web sources by address, and no other address", async () => {
    const web = said("One.", 1, { citations: [cite(1, { uri: "https://example.test/a" })] });
    const file = said("Two.", 2, { citations: [cite(2, { uri: "file:///srv/secret/b.md", title: "" })] });
    const message = await messageOf([done([web, file, said("Three.", 1)])]);
    expect(message.parts.filter(({ type }) => type.startsWith("source-"))).toEqual([
      { type: "source-url", sourceId: "s1.md", url: "https://example.test/a", title: "Source 1" },
      { type: "source-document", sourceId: "s2.md", mediaType: "text/plain", title: "s2.md" },
    ]);
    expect(JSON.stringify(message)).not.toContain("/srv/secret");
  });

  it("takes links that lead elsewhere out of what it joins", async () => {
    const halves = [said("See [this"), said("](https://evil.test/x) now.")];
    for (const events of [[...halves.map((one) => sentence(one)), done(halves)], [done(halves)]]) {
      for (const marks of [true, false]) {
        expect(JSON.stringify(texts(await messageOf(events, { marks })))).not.toContain("evil.test");
      }
    }
  });

  it("the last text part is the answer, whatever was written before it", async () => {
    const anySentence = fc
      .tuple(fc.constantFrom("One.", "Two.", "Three.", "Four."), fc.integer({ min: 1, max: 3 }), fc.boolean())
      .map(([text, number, ok]) => (ok ? said(text, number) : doubted(text)));
    const anyEvent = fc.tuple(anySentence, fc.integer({ min: 1, max: 2 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { maxLength: 8 }),
        fc.array(anySentence, { minLength: 1, maxLength: 5 }),
        async (drafted, final) => {
          const ordered = [...drafted].sort(([, a], [, b]) => a - b).map(([one, attempt]) => sentence(one, attempt));
          const whole = await messageOf([done(final)]);
          const streamed = await messageOf([...ordered, done(final)]);
          expect(texts(streamed).at(-1)).toBe(texts(whole)[0]);
          expect(texts(streamed).slice(0, -1).join()).not.toMatch(/unsupported/);
          for (const name of ["sentence", "citation"] as const) {
            expect(data(streamed, name).filter((one) => one !== null)).toEqual(data(whole, name));
          }
        },
      ),
    );
  });

  it("takes options, and refuses others", async () => {
    const events = [sentence(said("One.")), done([said("One."), doubted("Two.")])];
    expect(texts(await messageOf(events, { marks: false }))).toEqual(["One. Two."]);
    const late = await chunksOf(from(events), { text: "answer", frame: false });
    expect(late.map(({ type }) => type).slice(0, 3)).toEqual(["text-start", "text-delta", "text-end"]);
    const drafts = await chunksOf(from([{ type: "draft", attempt: 1, text: "O" }, ...events]), { drafts: true });
    expect(drafts[1]).toEqual({ type: "data-draft", data: { attempt: 1, text: "O" }, transient: true });
    expect(() => toUIMessageStream(from([]), { markers: true } as never)).toThrow(/markers/);
    expect(() => toUIMessageStream(from([]), { text: "draft" as never })).toThrow(/"text"/);
  });

  it("tells of a failure without saying what it held, of an abort as an abort", async () => {
    const failing = async function* (): AsyncGenerator<AgentEvent> {
      yield sentence(said("One."));
      throw new Error("key sk-123");
    };
    expect((await chunksOf(failing())).at(-1)).toEqual({ type: "error", errorText: "An error occurred." });
    const told = await chunksOf(failing(), { onError: (error) => `failed: ${(error as Error).name}` });
    expect(told.at(-1)).toEqual({ type: "error", errorText: "failed: Error" });
    const leaving = new AbortController();
    const agent = createRetrievalAgent({
      retriever: myths({
        before: () => {
          leaving.abort();
          return new Promise(() => undefined);
        },
      }),
    });
    const { signal } = leaving;
    const chunks = await chunksOf((linked) => agent.stream(chainQuestion, { signal: linked }), { signal });
    expect(chunks.at(-1)).toEqual({ type: "abort" });
  });

  it("aborts the run when its reader leaves", async () => {
    const { retriever, searching } = endless();
    const agent = createRetrievalAgent({ retriever });
    const reader = toUIMessageStream((signal) => agent.stream(chainQuestion, { signal })).getReader();
    const reading = (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read());
    })();
    const signal = await searching;
    await reader.cancel();
    await reading;
    expect(signal?.aborted).toBe(true);
  });

  it("marks what is doubtful, and not what claims nothing", async () => {
    // an agent that is told to talk: nothing is looked up, and nothing is to be doubted
    const talk = { kind: "converse", question: null, text: "You asked about Crete.", why: "of the conversation" };
    const agent = createRetrievalAgent({ retriever: myths(), models: modelOf({ router: { json: talk } }) });
    const conversation = [{ question: "Where is Crete?", answer: "In the sea." }];
    const chunks = await chunksOf(agent.stream("What did I ask?", { conversation }));
    expect(chunks.flatMap((chunk) => (chunk.type === "text-delta" ? [chunk.delta] : []))).toEqual([talk.text]);
    const bare = said("Gold.", 1, {
      citations: [],
      verdict: "uncited",
      reasons: ["It claims something and cites nothing."],
    });
    expect(texts(await messageOf([done([bare])]))).toEqual(["Gold. (uncited)"]);
  });

  it("hands on what a person has to decide", async () => {
    const request = { kind: "plan" as const, question: "?", plan: { subQuestions: [] } };
    const chunks = await chunksOf(from([{ type: "approval", request }]));
    expect(chunks.slice(1)).toEqual([
      { type: "data-approval", id: "approval", data: request },
      { type: "finish", finishReason: "other" },
    ]);
  });
});
