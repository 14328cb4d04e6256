import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import {
  type Answer,
  ClewError,
  eraseTexts,
  type JournalEntry,
  markerForm,
  openTrace,
  sealTrace,
  systemRuntime,
  type Trace,
  traceJsonl,
} from "@clew/core";
import { scriptedModel } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { z } from "zod/v4";
import { createRetrievalAgent } from "../create-retrieval-agent.js";
import { extractivePolicy } from "../extractive/extractive-policy.js";
import { llmPolicy } from "../llm/llm-policy.js";
import { withPolicy } from "../test/agent-helpers.js";
import { filings } from "../test/filings.js";
import { chainQuestion, myths } from "../test/myths.js";
import { optionsOf, question } from "../test/persisted-run.mjs";
import { idOf, modelOf, wise } from "../test/wise-model.js";
import { replay } from "./replay.js";

const asked = () => createRetrievalAgent({ retriever: myths() }).ask(chainQuestion);
const written = (roles = {}) => createRetrievalAgent({ retriever: myths(), models: modelOf(roles) }).ask(chainQuestion);
const same = (again: Answer, answer: Answer) => expect(JSON.stringify(again)).toBe(JSON.stringify(answer));

/** The same record with other entries, sealed as if nothing had happened. */
const resealed = ({ trace }: Answer, change: (entries: JournalEntry[]) => JournalEntry[]): Trace =>
  sealTrace({
    run: trace.run,
    entries: change(openTrace(trace)).map((entry, seq) => ({ ...entry, seq })),
    runtime: systemRuntime,
  });

const fails = async (replayed: Promise<Answer>, code: string, message = ""): Promise<void> => {
  const error = await replayed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(ClewError.isInstance(error) && error.code, String(error)).toBe(code);
  expect(String(error)).toContain(message);
};

describe("replay", () => {
  it("makes the answer again in another process, from the JSONL and the texts alone", async () => {
    const answer = await createRetrievalAgent(optionsOf(undefined, () => undefined)).ask(question);
    expect(answer.status).toBe("answered");
    const child = spawn(process.execPath, [fileURLToPath(new URL("../test/replaying-child.mjs", import.meta.url))], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.stdin.end(JSON.stringify({ jsonl: traceJsonl(answer.trace), texts: answer.trace.texts }));
    const said: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => said.push(part));
    await once(child, "close");
    expect(Buffer.concat(said).toString("utf8")).toBe(JSON.stringify(answer));
  });

  it("says what only the record of failures can tell: a draft that broke off, and the sentences heard before", async () => {
    const answer = await written({
      writer: (request: Parameters<typeof idOf>[0]) => {
        const content = `The Labyrinth was built by Daedalus [${idOf(request, "built by Daedalus")}]. Theseus killed`;
        return { content, finishReason: "length" };
      },
    });
    expect(answer.notes.map(({ code }) => code)).toContain("cut");
    same(await replay(answer.trace), answer);
  });

  it("needs the form of a writer that had one", async () => {
    const form = markerForm();
    const models = { default: modelOf({}), writer: { model: modelOf({ writer: wise.writer! }), form } };
    const answer = await createRetrievalAgent({ retriever: myths(), models }).ask(chainQuestion);
    await fails(replay(answer.trace), "invalid-option", '"markers"');
    same(await replay(answer.trace, { forms: { markers: form } }), answer);
  });

  it("needs a policy that is not the library's, in the version of the run", async () => {
    const policy = {
      ...withPolicy({ route: async ({ question }) => ({ kind: "retrieve", question, why: "always" }) }),
    };
    const own = { ...policy, id: "own", version: "1", settings: undefined };
    const answer = await createRetrievalAgent({ retriever: myths(), policy: own }).ask("Hello!");
    await fails(replay(answer.trace), "invalid-option", '"own"');
    same(await replay(answer.trace, { policy: own }), answer);
    await fails(replay(answer.trace, { policy: { ...own, version: "2" } }), "replay-diverged", "version 2");
  });

  it("is refused by another policy, or one that decides otherwise, and names the line", async () => {
    const answer = await asked();
    await fails(replay(answer.trace, { policy: { ...extractivePolicy(), version: "4" } }), "replay-diverged", "Line 0");
    await fails(replay(answer.trace, { policy: llmPolicy() }), "replay-diverged", "Line 0");
    const other = withPolicy({ plan: async () => ({ subQuestions: [{ id: "q1", question: "Who?", dependsOn: [] }] }) });
    const planned = openTrace(answer.trace).findIndex(({ kind }) => kind === "plan");
    await fails(replay(answer.trace, { policy: other }), "replay-diverged", `Line ${planned} `);
  });

  it("is refused where settings were others: they are in the record", async () => {
    const policy = extractivePolicy({ quotes: 1 });
    const answer = await createRetrievalAgent({ retriever: myths(), policy }).ask(chainQuestion);
    same(await replay(answer.trace), answer);
    await fails(replay(answer.trace, { policy: extractivePolicy() }), "replay-diverged", "Line ");
  });

  it("is refused of a record that was altered, cut, erased or redacted", async () => {
    const answer = await written();
    const { trace } = answer;
    const lines = trace.lines.map((line, at) => (at === 3 ? { ...line, at: line.at + 1 } : line));
    await fails(replay({ ...trace, lines }), "trace-damaged");
    await fails(replay({ ...trace, lines: trace.lines.slice(0, -1) }), "trace-damaged");
    const [key, text] = Object.entries(trace.texts)[5]!;
    const altered = { ...trace.texts, [key]: { ...text, text: `${text.text} ` } };
    await fails(replay({ ...trace, texts: altered }), "trace-damaged");
    const { source } = answer.evidence[0]!.passage;
    const { texts } = eraseTexts(trace.texts, source);
    await fails(replay({ ...trace, texts }), "trace-erased");
    const redact = (whole: string) => whole.replaceAll("Daedalus", "…");
    const redacted = await createRetrievalAgent({ retriever: myths(), redact }).ask(chainQuestion);
    await fails(replay(redacted.trace), "trace-redacted");
  });

  it("is refused of a record that was forged and chained anew: what the model said does not lead to what was answered", async () => {
    const answer = await written();
    const said = resealed(answer, (entries) =>
      entries
        .map((entry) => ({
          ...entry,
          data: JSON.parse(JSON.stringify(entry.data).replaceAll("built by Daedalus", "built by Ariadne")),
        }))
        .map((entry, at) => (entry.kind === "passages" ? entries[at]! : entry)),
    );
    await fails(replay(said), "replay-diverged");
    const hash = resealed(answer, (entries) =>
      entries.map((entry) =>
        entry.kind === "answer" ? { ...entry, data: { ...(entry.data as object), hash: "0".repeat(32) } } : entry,
      ),
    );
    await fails(replay(hash), "replay-diverged", '"answer"');
  });

  it.each(["run", "passages", "answer", "hits", "model", "served", "spent", "plan"])(
    "is refused of a record whose first line of %s is gone",
    async (kind) => {
      const answer = await written();
      const without = resealed(answer, (entries) => {
        const at = entries.findIndex((entry) => entry.kind === kind);
        return entries.filter((_, index) => index !== at);
      });
      const error = await replay(without).catch((thrown: unknown) => thrown);
      expect(ClewError.isInstance(error) && error.code, String(error)).toMatch(/^(?:trace-damaged|replay-diverged)$/);
    },
  );

  it("fills in a schema, or gives the fields without one; another schema is refused", async () => {
    const schema = z.object({ company: z.string().describe("the registrant").toLowerCase(), auditor: z.string() });
    const answer = await createRetrievalAgent({ retriever: filings() }).ask("What did Northwind report?", { schema });
    same(await replay(answer.trace, { schema }), answer);
    expect((await replay(answer.trace)).fields).toEqual(answer.fields);
    await fails(replay(answer.trace, { schema: z.object({ company: z.string() }) }), "invalid-option", "schema");
  });

  it("checks its options and listens to its signal", async () => {
    const { trace } = await asked();
    await fails(replay(trace, { forces: {} } as never), "invalid-option");
    await expect(replay(trace, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
  });

  it("asks nobody: the models of the run are not called again", async () => {
    const model = scriptedModel({ answers: () => new Error("down") });
    const answer = await createRetrievalAgent({ retriever: myths(), models: model }).ask(chainQuestion);
    const calls = model.calls.length;
    same(await replay(answer.trace), answer);
    expect(model.calls.length).toBe(calls);
  });
});
