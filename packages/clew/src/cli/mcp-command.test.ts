import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { scope } from "@clew/core";
import { hashEmbedder, sourceInputs } from "@clew/core/testing";
import { openIndex } from "@clew/index";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { runCommand } from "./run-command.js";
import { processTerminal, type Terminal } from "./terminal.js";

const built = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-mcp-"));
  await mkdir(join(folder, "docs"));
  await writeFile(join(folder, "docs", "crete.md"), "# Crete\n\nThe labyrinth was built by Daedalus.\n");
  await writeFile(join(folder, "docs", "daedalus.md"), "# Daedalus\n\nDaedalus was born in Athens.\n");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const docs = (): string => join(folder, "docs");

async function client(...words: string[]): Promise<Client> {
  const one = new Client({ name: "test", version: "1" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [built, "mcp", ...words],
    stderr: "ignore",
  });
  await one.connect(transport as Transport);
  onTestFinished(() => one.close());
  return one;
}

const call = (one: Client, name: string, args: Record<string, unknown>) => one.callTool({ name, arguments: args });

/** The command as a client sees it, without a client: what it wrote, and how it ended. */
function raw(...words: string[]): {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  ended: Promise<unknown[]>;
} {
  const child = spawn(process.execPath, [built, "mcp", ...words]);
  onTestFinished(() => void child.kill("SIGKILL"));
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return { child, out: () => out, err: () => err, ended: once(child, "close") };
}

const hello = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
};

describe("clew mcp", () => {
  it("lists, searches, asks and fetches, for two clients at once on one index", async () => {
    const words = [docs(), "--index", join(folder, "index"), "--about", "Cretan myths"];
    const both = await Promise.all([client(...words), client(...words)]);
    await Promise.all(
      both.map(async (one) => {
        const { tools } = await one.listTools();
        expect(tools.map(({ name }) => name)).toEqual(["search", "ask", "fetch_passage"]);
        expect(tools[0]!.description).toContain("Cretan myths");
        const found = await call(one, "search", { query: "labyrinth", k: 1 });
        const { hits } = found.structuredContent as { hits: { id: string; source: string; text: string }[] };
        expect(hits).toEqual([expect.objectContaining({ source: "crete.md" })]);
        const steps: string[] = [];
        const asked = await one.callTool(
          { name: "ask", arguments: { question: "Who built the labyrinth?" } },
          undefined,
          {
            onprogress: ({ message }) => steps.push(message ?? ""),
          },
        );
        const answer = asked.structuredContent as { status: string; citations: { quote: string; passage: string }[] };
        expect(answer.status).toBe("answered");
        expect(answer.citations[0]).toMatchObject({
          quote: "The labyrinth was built by Daedalus.",
          passage: hits[0]!.id,
        });
        expect(steps[0]).toBe("Hop 1: Who built the labyrinth?");
        const fetched = await call(one, "fetch_passage", { id: hits[0]!.id, around: "section" });
        expect(fetched.structuredContent).toEqual({ passages: [expect.objectContaining({ id: hits[0]!.id })] });
      }),
    );
  });

  it("serves the tenant of its configuration alone, whatever a client sends", async () => {
    const directory = join(folder, "index");
    const index = await openIndex(directory, { embedder: hashEmbedder() });
    await index.sync(scope("acme"), sourceInputs([{ id: "crete", text: "The labyrinth was built by Daedalus." }]));
    await index.sync(scope("globex"), sourceInputs([{ id: "secret", text: "The labyrinth was built by Vantor." }]));
    await index.close();
    // the fake's model cannot be loaded by the command, so the words decide
    const one = await client("--index", directory, "--embedder", "none", "--tenant", "acme", "--retriever", "lexical");
    const found = await call(one, "search", { query: "labyrinth" });
    expect(JSON.stringify(found)).toContain("Daedalus");
    for (const extra of [{}, { tenant: "globex" }, { scope: { tenant: "globex" } }, { filter: {} }]) {
      for (const [name, needed] of [
        ["search", { query: "labyrinth Vantor" }],
        ["ask", { question: "Who built the labyrinth?" }],
        ["fetch_passage", { id: "secret" }],
      ] as const) {
        const said = await call(one, name, { ...needed, ...extra });
        expect(JSON.stringify(said)).not.toMatch(/built by Vantor/);
        if (Object.keys(extra).length > 0) expect(said.isError).toBe(true);
      }
    }
  });

  it("goes on serving after a request that its client cancelled", async () => {
    const one = await client(docs());
    const leaving = new AbortController();
    const ask = { name: "ask", arguments: { question: "Who built the labyrinth, and where was he born?" } };
    const asked = one.callTool(ask, undefined, {
      signal: leaving.signal,
      onprogress: () => leaving.abort(new Error("enough")),
    });
    await expect(asked).rejects.toThrow("enough");
    expect((await call(one, "search", { query: "labyrinth" })).isError).toBeUndefined();
  });

  it("writes nothing but the protocol to standard output, and ends when its input ends", async () => {
    const { child, out, err, ended } = raw(docs());
    const ask = { name: "ask", arguments: { question: "Who built the labyrinth?" } };
    for (const message of [
      hello,
      { jsonrpc: "2.0", method: "notifications/initialized" },
      { jsonrpc: "2.0", id: 2, method: "tools/call", params: ask },
    ]) {
      child.stdin!.write(`${JSON.stringify(message)}\n`);
    }
    await expect.poll(() => out(), { timeout: 30_000 }).toContain('"id":2');
    child.stdin!.end();
    expect(await ended).toEqual([0, null]);
    const lines = out().trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([1, 2]);
    expect(err()).toContain("2 added");
  });

  it("ends on Ctrl-C, in the middle of a call too, and leaves the index whole", async () => {
    const { child, out, ended } = raw(docs(), "--index", join(folder, "index"));
    child.stdin!.write(`${JSON.stringify(hello)}\n`);
    await expect.poll(() => out(), { timeout: 30_000 }).toContain('"id":1');
    const params = { name: "search", arguments: { query: "labyrinth" } };
    child.stdin!.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/call", params })}\n`);
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(
      (await call(await client(docs(), "--index", join(folder, "index")), "search", { query: "labyrinth" })).isError,
    ).toBe(undefined);
  });

  it.each<[string, string[], number, RegExp]>([
    ["nothing to serve", [], 2, /Usage: clew mcp/],
    ["an unknown option", ["docs", "--scope", "globex"], 2, /unknown option '--scope'/],
    ["a number that is none", ["docs", "--k", "many"], 2, /--k.*whole number/],
    ["a filter that is none", ["docs", "--filter", "{"], 2, /--filter.*JSON/],
    ["an empty tenant", ["docs", "--tenant", ""], 2, /"tenant"/],
    ["a model that is none", ["docs", "--model", "magic"], 2, /--model must be/],
    ["an index that is not there", ["--index", "./no-index-here"], 1, /There is no index/],
  ])("explains %s on standard error", async (_what, words, code, said) => {
    let [out, err] = ["", ""];
    const terminal: Terminal = {
      ...processTerminal(new AbortController().signal),
      print: (text) => {
        out += text;
      },
      say: (text) => {
        err += text;
      },
    };
    expect(await runCommand(["mcp", ...words], terminal)).toBe(code);
    expect(err).toMatch(said);
    expect(out).toBe("");
  });

  it("ends with an error where its documents are not there, connected or not", async () => {
    const { child, out, err, ended } = raw("./nowhere-at-all");
    child.stdin!.write(`${JSON.stringify(hello)}\n`);
    expect(await ended).toEqual([1, null]);
    expect(err()).toMatch(/nowhere-at-all/);
    expect(out().replace(/^\{"result".*"id":1\}\n/, "")).toBe("");
  });
});
