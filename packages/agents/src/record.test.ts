import {
  ClewError,
  memoryTraces,
  openTrace,
  scope,
  type Trace,
  type TraceStore,
  type TraceText,
  traceJsonl,
  verifyTrace,
} from "@clew/core";
import { fixedRuntime, seededRandom } from "@clew/core/testing";
import { MemorySaver } from "@langchain/langgraph";
import { beforeAll, describe, expect, it } from "vitest";
import { createRetrievalAgent } from "./create-retrieval-agent.js";
import { chainQuestion, myths } from "./test/myths.js";
import { optionsOf, question } from "./test/persisted-run.mjs";

const acme = scope("acme");
const rooted = (trace: Trace): string => trace.lines.at(-1)!.hash;
const textsOf = (trace: Trace, holds: string): TraceText[] =>
  Object.values(trace.texts).filter(({ text }) => text.includes(holds));

describe("alterations of the record", () => {
  let traces: Trace[];
  beforeAll(async () => {
    const asked = [
      createRetrievalAgent({ retriever: myths() }).ask(chainQuestion),
      createRetrievalAgent({ retriever: myths() }).ask("Hello!"),
      createRetrievalAgent(optionsOf(undefined, () => undefined)).ask(question),
    ];
    traces = (await Promise.all(asked)).map(({ trace }) => trace);
  });

  type Chain = { readonly jsonl: Uint8Array; readonly texts: Readonly<Record<string, TraceText>> };
  const utf8 = new TextEncoder();
  const rows = ({ lines }: Trace): string[] => traceJsonl({ lines }).split("\n").slice(0, -1);
  const of = (lines: readonly string[], { texts }: Trace): Chain => ({
    jsonl: utf8.encode(lines.map((line) => `${line}\n`).join("")),
    texts,
  });

  /** One alteration of each kind, at a place that is drawn. */
  const alterations: Readonly<Record<string, (trace: Trace, draw: (below: number) => number) => Chain>> = {
    "a bit": (trace, draw) => {
      const jsonl = utf8.encode(traceJsonl(trace));
      jsonl[draw(jsonl.length)]! ^= 1 << draw(8);
      return { jsonl, texts: trace.texts };
    },
    "a byte more": (trace, draw) => {
      const bytes = [...utf8.encode(traceJsonl(trace))];
      bytes.splice(draw(bytes.length + 1), 0, draw(256));
      return { jsonl: Uint8Array.from(bytes), texts: trace.texts };
    },
    "a byte less": (trace, draw) => {
      const bytes = [...utf8.encode(traceJsonl(trace))];
      bytes.splice(draw(bytes.length), 1);
      return { jsonl: Uint8Array.from(bytes), texts: trace.texts };
    },
    "a line dropped": (trace, draw) => {
      const lines = rows(trace);
      lines.splice(draw(lines.length), 1);
      return of(lines, trace);
    },
    "a line twice": (trace, draw) => {
      const lines = rows(trace);
      lines.splice(draw(lines.length + 1), 0, lines[draw(lines.length)]!);
      return of(lines, trace);
    },
    "lines swapped": (trace, draw) => {
      const lines = rows(trace);
      const [a, b] = [draw(lines.length), draw(lines.length)];
      [lines[a], lines[b]] = [lines[b]!, lines[a]!];
      return of(lines, trace);
    },
    "a line moved": (trace, draw) => {
      const lines = rows(trace);
      const [line] = lines.splice(draw(lines.length), 1);
      lines.splice(draw(lines.length + 1), 0, line!);
      return of(lines, trace);
    },
    "the tail cut": (trace, draw) => {
      const jsonl = utf8.encode(traceJsonl(trace));
      return { jsonl: jsonl.slice(0, draw(jsonl.length)), texts: trace.texts };
    },
    "the tail cut at a line": (trace, draw) => {
      const lines = rows(trace);
      return of(lines.slice(0, draw(lines.length)), trace);
    },
    "lines of another run": (trace, draw) => {
      const [lines, other] = [rows(trace), rows(traces[draw(traces.length)]!)];
      const at = draw(lines.length);
      lines[at] = other[Math.min(at, other.length - 1)]!;
      return of(lines, trace);
    },
    "a line dropped and the rest numbered anew": (trace, draw) => {
      const lines = [...trace.lines];
      lines.splice(draw(lines.length - 1), 1);
      return of(rows({ ...trace, lines: lines.map((line, seq) => ({ ...line, seq })) }), trace);
    },
    "a field of a line": (trace, draw) => {
      const lines = [...trace.lines];
      const at = draw(lines.length);
      const change = [{ at: draw(1e6) }, { kind: "note" }, { call: "x" }, { data: draw(9) }, { prev: rooted(trace) }];
      lines[at] = { ...lines[at]!, ...change[draw(change.length)]! };
      return of(rows({ ...trace, lines }), trace);
    },
    "a text": (trace, draw) => {
      const [keys, at] = [Object.keys(trace.texts), draw(Object.keys(trace.texts).length)];
      const { text, ...rest } = trace.texts[keys[at]!]!;
      const place = draw(text.length + 1);
      const changed = text.slice(0, place) + String.fromCharCode(draw(65_536)) + text.slice(place + draw(2));
      return { ...of(rows(trace), trace), texts: { ...trace.texts, [keys[at]!]: { ...rest, text: changed } } };
    },
    "a salt or the sources": (trace, draw) => {
      const key = Object.keys(trace.texts)[draw(Object.keys(trace.texts).length)]!;
      const salt = draw(16 ** 8)
        .toString(16)
        .padStart(32, "0");
      const change = [{ salt }, { sources: [`s${draw(99)}`] }, { anySource: true as const }][draw(3)]!;
      return { ...of(rows(trace), trace), texts: { ...trace.texts, [key]: { ...trace.texts[key]!, ...change } } };
    },
    "texts swapped": (trace, draw) => {
      const keys = Object.keys(trace.texts);
      const [a, b] = [keys[draw(keys.length)]!, keys[draw(keys.length)]!];
      return { ...of(rows(trace), trace), texts: { ...trace.texts, [a]: trace.texts[b]!, [b]: trace.texts[a]! } };
    },
    "a text added": (trace, draw) => {
      const key = `t${10_000 + draw(1000)}`;
      return { ...of(rows(trace), trace), texts: { ...trace.texts, [key]: Object.values(trace.texts)[0]! } };
    },
  };

  it("are found, 10,000 of 10,000", () => {
    const random = seededRandom(7);
    const draw = (below: number): number => Math.floor(random() * below);
    const kinds = Object.entries(alterations);
    const missed: string[] = [];
    let made = 0;
    const same = (a: Chain, trace: Trace): boolean =>
      Buffer.from(a.jsonl).equals(Buffer.from(traceJsonl(trace))) &&
      JSON.stringify(a.texts) === JSON.stringify(trace.texts);
    while (made < 10_000) {
      const trace = traces[draw(traces.length)]!;
      const [kind, alter] = kinds[made % kinds.length]!;
      const altered = alter(trace, draw);
      // what was drawn may leave everything as it was: two equal lines swapped
      if (same(altered, trace)) continue;
      made += 1;
      if (verifyTrace(altered.jsonl, { texts: altered.texts }).code !== "damaged") missed.push(kind);
    }
    expect(missed).toEqual([]);
    for (const trace of traces) expect(verifyTrace(trace)).toMatchObject({ code: "intact", erased: 0 });
  });
});

describe("the record of an agent's run", () => {
  it("is kept before the answer is handed out, under the answer's id", async () => {
    const traces = memoryTraces();
    const agent = createRetrievalAgent({ retriever: myths(), traces });
    const answer = await agent.ask(chainQuestion);
    expect(await traces.read(acme, answer.id)).toEqual(answer.trace);
    expect(verifyTrace(answer.trace)).toMatchObject({ code: "intact", run: answer.id });
  });

  it("holds no text in its lines, and of each text the sources that it may repeat", async () => {
    const { trace, evidence } = await createRetrievalAgent({ retriever: myths() }).ask(chainQuestion);
    const chain = traceJsonl(trace);
    for (const word of ["Daedalus", "Minotaur", "Theseus", "Knossos"]) expect(chain.includes(word), word).toBe(false);
    const sources = new Set(evidence.map(({ passage }) => passage.source));
    const [answer] = textsOf(trace, "Daedalus").slice(-1);
    expect(new Set(answer!.sources)).toEqual(sources);
  });

  it("a store that fails: storage-failed; asked again, the run goes on there and nothing is paid twice", async () => {
    const paid: string[] = [];
    const kept = memoryTraces();
    const written: string[] = [];
    let broken = true;
    const traces: TraceStore = {
      ...kept,
      write: async (who, trace, options) => {
        written.push(rooted(trace));
        if (broken) throw new Error("disk on fire");
        await kept.write(who, trace, options);
      },
    };
    const agent = createRetrievalAgent({
      ...optionsOf(new MemorySaver(), (what) => paid.push(what)),
      traces,
    });
    await expect(agent.ask(question, { thread: "t" })).rejects.toMatchObject({ code: "storage-failed" });
    const before = paid.length;
    broken = false;
    const answer = await agent.ask(question, { thread: "t" });
    expect(paid.length).toBe(before);
    expect(written).toEqual([rooted(answer.trace), rooted(answer.trace)]);
    expect(await kept.read(acme, answer.id)).toEqual(answer.trace);
  });

  it("a store that took the trace before the process died takes it again", async () => {
    const kept = memoryTraces();
    let dies = true;
    const traces: TraceStore = {
      ...kept,
      write: async (who, trace, options) => {
        await kept.write(who, trace, options);
        if (dies) throw new ClewError("storage-failed", "The answer to the write was lost.");
      },
    };
    const agent = createRetrievalAgent({ retriever: myths(), checkpointer: new MemorySaver(), traces });
    await expect(agent.ask(chainQuestion, { thread: "t" })).rejects.toMatchObject({ code: "storage-failed" });
    dies = false;
    const answer = await agent.ask(chainQuestion, { thread: "t" });
    expect(await kept.read(acme, answer.id)).toEqual(answer.trace);
  });

  it("a thread's later runs may repeat what its earlier ones saw; a conversation that is brought may repeat anything", async () => {
    const agent = createRetrievalAgent({ retriever: myths(), checkpointer: new MemorySaver() });
    const first = await agent.ask(chainQuestion, { thread: "t" });
    const later = await agent.ask("Hello!", { thread: "t" });
    const seen = [...new Set(first.evidence.map(({ passage }) => passage.source))].sort();
    expect(later.evidence).toEqual([]);
    const [said] = Object.values(later.trace.texts).slice(-1);
    expect([...said!.sources].sort()).toEqual(seen);
    const conversation = [{ question: "Who?", answer: "Somebody." }];
    const brought = await agent.ask("Hello!", { conversation });
    // but for the question: it came before anything was found
    const others = Object.values(brought.trace.texts).filter(({ text }) => text !== "Hello!");
    expect(others.every(({ anySource }) => anySource === true)).toBe(true);
    const alone = await agent.ask("Hello!", { thread: "u" });
    expect(Object.values(alone.trace.texts).every(({ sources }) => sources.length === 0)).toBe(true);
  });

  it("does not grow with the thread, but for the conversation that a run is given: each checkpoint holds the last answer's alone", async () => {
    const agent = createRetrievalAgent({ retriever: myths(), checkpointer: new MemorySaver() });
    const sizes: number[] = [];
    for (let turn = 0; turn < 4; turn++)
      sizes.push(JSON.stringify((await agent.ask("Hello!", { thread: "t", conversation: [] })).trace).length);
    // each turn has the same lines; ids of the runs and times have the same length
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(50);
  });

  it("is redacted before it is hashed, kept or handed out", async () => {
    const traces = memoryTraces();
    const redact = (text: string): string => text.replaceAll("Daedalus", "[a name]");
    const agent = createRetrievalAgent({ retriever: myths(), traces, redact });
    const { trace, text } = await agent.ask(chainQuestion);
    expect(text).toContain("Daedalus");
    expect(JSON.stringify(trace)).not.toContain("Daedalus");
    expect(verifyTrace(trace)).toMatchObject({ code: "intact", redacted: expect.any(Number) });
    expect(() => openTrace(trace)).toThrow(expect.objectContaining({ code: "trace-redacted" }));
  });

  it("is the same for the same run, salts included", async () => {
    const ask = () => createRetrievalAgent({ retriever: myths(), runtime: fixedRuntime() }).ask(chainQuestion);
    expect((await ask()).trace).toEqual((await ask()).trace);
  });

  it("takes feedback on an answer, in the agent's own scope", async () => {
    const traces = memoryTraces();
    const agent = createRetrievalAgent({ retriever: myths(), traces });
    const { id, trace, evidence } = await agent.ask(chainQuestion);
    const said = { verdict: "wrong", correction: "It was Daedalus.", consent: "evaluation" } as const;
    expect(await agent.feedback(id, said)).toMatchObject({ answer: id, root: rooted(trace), ...said });
    const stranger = createRetrievalAgent({ retriever: myths({ scope: scope("other") }), traces });
    await expect(stranger.feedback(id, said)).rejects.toMatchObject({ code: "not-found" });
    const alone = createRetrievalAgent({ retriever: myths() });
    await expect(alone.feedback(id, said)).rejects.toMatchObject({ code: "invalid-option" });
    const [place] = await traces.erase(acme, { source: evidence[0]!.passage.source, passages: [] });
    expect(place!.removed).toMatchObject({ traces: 1, corrections: 1 });
    expect(await traces.feedbackOf(acme, id)).toMatchObject([{ verdict: "wrong", erased: true }]);
  });

  it("refuses what is no store and no hook", () => {
    const refused = expect.objectContaining({ code: "invalid-option" });
    expect(() => createRetrievalAgent({ retriever: myths(), traces: {} as never })).toThrow(refused);
    expect(() => createRetrievalAgent({ retriever: myths(), redact: "x" as never })).toThrow(refused);
  });
});
