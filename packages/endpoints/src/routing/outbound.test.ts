import {
  callModel,
  type ModelCall,
  type ModelReply,
  type ModelSource,
  modelCall,
  type Note,
  type Outbound,
  servedAs,
} from "@clew/core";
import { aCall } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { endpoint } from "../endpoint.js";
import { type LocalServer, serve } from "../test/local-server.js";
import { canary } from "./canary.js";
import { routed } from "./routed.js";

/** A server of chat completions that says its own name, or fails. */
const chatServer = (name: string, fails = false): Promise<LocalServer> =>
  serve((_, response) => {
    if (fails) return response.writeHead(503).end("{}");
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = { choices: [{ index: 0, delta: { content: name }, finish_reason: "stop" }] };
    return response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
  });

const source =
  ({ baseURL }: LocalServer, model: string, remote: boolean): ModelSource =>
  () => ({ ...servedAs(endpoint({ kind: "vllm", model, baseURL: `${baseURL}/v1`, maxRetries: 0 })), remote });

const allowing = (...roles: string[]): Outbound => ({ allows: (role) => roles.includes(role), localHosts: [] });

interface Asked {
  readonly reply: ModelReply;
  readonly notes: readonly Note[];
  readonly sent: readonly unknown[];
}

/** Asks as the writer, as the agent does. */
async function ask(choose: Exclude<ModelSource, { invoke: unknown }>, outbound: Outbound): Promise<Asked> {
  const call = aCall({ role: "writer", outbound });
  const own = modelCall({ call, runtime: call.runtime }) satisfies ModelCall;
  const served = await choose(call);
  const site = { node: "write", branch: "", ordinal: 0 };
  const reply = await callModel(own, {
    role: "writer",
    served,
    site,
    system: "sys",
    user: "user",
    maxTokens: 100,
    maxRetries: 0,
  });
  const sent = call.journal.entries().flatMap(({ kind, data }) => {
    if (kind === "outbound") return data as unknown[];
    return ((data as { outbound?: unknown[] }).outbound ?? []) as unknown[];
  });
  return { reply, notes: own.notes, sent };
}

async function two({ adapterFails = false, adapterRemote = false, baseRemote = false, outbound = allowing() }) {
  const [adapter, base] = [await chatServer("adapter", adapterFails), await chatServer("base")];
  const choose = routed({
    adapters: { writer: source(adapter, "adapter", adapterRemote) },
    base: source(base, "base", baseRemote),
    by: "role",
  });
  const asked = await ask(choose, outbound);
  return { ...asked, requests: [adapter.arrived.length, base.arrived.length] };
}

const to = (served: string) => ({ role: "writer", served, requests: 1, characters: 7, passages: [], sources: [] });

describe("a fallback on another machine", () => {
  it("is not asked where its role may not, when the model here fails: the role fails as if there were none", async () => {
    const { reply, requests, sent } = await two({ adapterFails: true, baseRemote: true });
    expect([requests, sent]).toEqual([[1, 0], []]);
    expect(reply).toMatchObject({ kind: "failed", reason: expect.stringContaining("nothing was sent") });
  });

  it("is asked where its role may, and only what went there is counted", async () => {
    const { reply, requests, sent } = await two({ adapterFails: true, baseRemote: true, outbound: allowing("writer") });
    expect([reply.kind, requests, sent]).toEqual(["reply", [1, 1], [to("base")]]);
  });

  it("is passed over for the model here, with a note", async () => {
    const { reply, requests, notes, sent } = await two({ adapterRemote: true });
    expect([reply, requests, sent]).toEqual([{ kind: "reply", text: "base" }, [0, 1], []]);
    expect(notes[0]).toMatchObject({ code: "fell-back", detail: { why: "outbound-refused", requests: 0 } });
  });

  it("counts both where both are on other machines, the failed request too", async () => {
    const both = { adapterFails: true, adapterRemote: true, baseRemote: true };
    const { requests, sent } = await two({ ...both, outbound: allowing("writer") });
    expect([requests, sent]).toEqual([
      [1, 1],
      [to("adapter"), to("base")],
    ]);
  });

  it("sends nothing where neither may be asked", async () => {
    const { reply, requests, notes, sent } = await two({ adapterRemote: true, baseRemote: true });
    expect([requests, sent]).toEqual([[0, 0], []]);
    expect(reply).toMatchObject({ kind: "failed", cause: { code: "outbound-refused" } });
    expect(notes).toMatchObject([{ code: "outbound", detail: { refused: true } }]);
  });

  it("holds for a candidate on trial, and for one way behind another", async () => {
    const [candidate, adapter, base] = [
      await chatServer("candidate"),
      await chatServer("adapter"),
      await chatServer("base"),
    ];
    const inner = routed({
      adapters: { writer: source(adapter, "adapter", true) },
      base: source(base, "base", false),
      by: "role",
    });
    const choose = canary({ candidate: source(candidate, "candidate", true), base: inner, share: 1 });
    const refused = await ask(choose, allowing());
    expect(refused.reply).toEqual({ kind: "reply", text: "base" });
    expect([candidate.arrived.length, adapter.arrived.length, base.arrived.length]).toEqual([0, 0, 1]);
    const allowed = await ask(choose, allowing("writer"));
    expect([allowed.reply, allowed.sent]).toEqual([{ kind: "reply", text: "candidate" }, [to("candidate")]]);
  });
});
