import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRetrievalAgent } from "@clew/agents";
import { scope } from "@clew/core";
import { sourceInput, sourceInputs } from "@clew/core/testing";
import { memoryIndex, openIndex } from "@clew/index";
import { lexical } from "@clew/retrievers";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { mcpServer } from "./mcp-server.js";

const [acme, globex] = [scope("acme", { principals: ["amy"] }), scope("globex")];
const foreign = /Vantor|secret\.md|boardroom/;
const mine = [
  { id: "crete.md", text: "The labyrinth was built by Daedalus. Its door was bronze." },
  { id: "icarus.md", text: "Icarus flew too near the sun, and the labyrinth was behind him." },
];
const theirs = [{ id: "secret.md", text: "The labyrinth of Globex was built by Vantor." }];
const board = sourceInput({
  id: "boardroom.md",
  text: "The labyrinth is for sale, says the boardroom.",
  access: ["board"],
});

const word = fc.oneof(
  fc.constantFrom(
    "labyrinth",
    "Vantor",
    "globex",
    "secret.md",
    "*",
    "{}",
    "\u0000",
    "__proto__",
    "' OR 1=1",
    "../",
    "\ud800",
  ),
  fc.string({ unit: "grapheme" }),
);
/** What a model or an attacker might fill in: near to what is right, far from it, deep, and with keys that mean something elsewhere. */
const wild = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.record(
    {
      query: fc.oneof(word, fc.jsonValue()),
      question: fc.oneof(word, fc.jsonValue()),
      id: fc.oneof(word, fc.jsonValue()),
      k: fc.oneof(fc.integer(), fc.double(), word),
      around: fc.constantFrom("neighbours", "section", "page", "all"),
    },
    { requiredKeys: [] },
  ),
  fc.dictionary(
    fc.constantFrom(
      "query",
      "question",
      "id",
      "scope",
      "tenant",
      "principals",
      "filter",
      "budget",
      "__proto__",
      "constructor",
    ),
    fc.oneof(word, fc.jsonValue({ maxDepth: 3 })),
  ),
);
const tools = { search: "query", ask: "question", fetch_passage: "id" } as const;

describe("arguments of any kind", () => {
  it("never reach another tenant or principal, never go beyond the budget, and never end the server", async () => {
    const index = memoryIndex();
    onTestFinished(() => index.close());
    await index.sync(acme, sourceInputs(mine));
    await index.sync(acme, [board]);
    await index.sync(globex, sourceInputs(theirs));
    const secrets = await Promise.all(
      [globex, scope("acme", { principals: ["board"] })].map(
        async (who) => (await lexical(index.in(who)).search("labyrinth Vantor sale")).hits,
      ),
    );
    const ids = secrets.flat().flatMap(({ passage: { id, source } }) => (foreign.test(source) ? [id] : []));
    expect(ids).toHaveLength(2);
    const view = index.in(acme);
    let searches = 0;
    const inner = lexical(view);
    const counted = Object.assign(Object.create(inner) as typeof inner, {
      search: (...given: Parameters<typeof inner.search>) => {
        searches += 1;
        return inner.search(...given);
      },
    });
    const agent = createRetrievalAgent({ retriever: counted, budget: { hops: 8 } });
    const maxChars = 300;
    const server = await mcpServer({ retriever: inner, agent, view, budget: { hops: 1 }, maxChars });
    const client = new Client({ name: "test", version: "1" });
    const [near, far] = InMemoryTransport.createLinkedPair();
    await Promise.all([server.connect(far), client.connect(near)]);
    onTestFinished(() => client.close());

    const kinds = { good: 0, refused: 0 };
    const call = async (name: keyof typeof tools, args: unknown): Promise<void> => {
      searches = 0;
      const said = (await client
        .callTool({ name, arguments: args as Record<string, unknown> })
        .catch((error: Error) => ({ isError: true, content: [{ text: error.message }] }))) as unknown as {
        readonly isError?: boolean;
        readonly content: readonly { readonly text: string }[];
        readonly structuredContent?: { readonly hits?: readonly { readonly text: string }[] };
      };
      kinds[said.isError === true ? "refused" : "good"] += 1;
      // an error may repeat what the client itself has sent
      if (said.isError !== true) {
        const found = JSON.stringify(said.structuredContent).replaceAll(JSON.stringify(args).slice(1, -1), "");
        expect(found).not.toMatch(/built by Vantor|is for sale/);
      } else expect(said.content[0]!.text).not.toMatch(/built by Vantor|is for sale/);
      expect(searches).toBeLessThanOrEqual(1);
      const texts = said.structuredContent?.hits?.map(({ text }) => text).join("") ?? "";
      expect(texts.length).toBeLessThanOrEqual(maxChars);
    };
    await fc.assert(fc.asyncProperty(fc.constantFrom(...(Object.keys(tools) as (keyof typeof tools)[])), wild, call), {
      numRuns: 300,
    });
    // the arguments that are right, and one more; ids that are somebody else's
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("search", "ask") as fc.Arbitrary<"search" | "ask">, word, async (name, text) => {
        await call(name, { [tools[name]]: `labyrinth ${text}` });
        await call(name, { [tools[name]]: `labyrinth ${text}`, tenant: "globex" });
      }),
      { numRuns: 50 },
    );
    for (const id of ids)
      for (const around of [undefined, "page", "section"]) await call("fetch_passage", { id, around });
    expect(kinds.good).toBeGreaterThanOrEqual(50);
    expect(kinds.refused).toBeGreaterThan(50);
    // and it still answers
    const last = await client.callTool({ name: "search", arguments: { query: "labyrinth" } });
    expect(JSON.stringify(last)).toContain("Daedalus");
  }, 120_000);
});

const built = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const line = (message: object): string => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const hello = line({
  ...{ id: 1, method: "initialize" },
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "raw", version: "1" } },
});
const search = (id: number, query: unknown): string =>
  line({ id, method: "tools/call", params: { name: "search", arguments: { query } } });

describe("clew mcp over its standard input", () => {
  async function started(): Promise<{ child: ChildProcess; out: () => string; err: () => string }> {
    const folder = await mkdtemp(join(tmpdir(), "clew-mcp-"));
    const index = await openIndex(join(folder, "index"));
    await index.sync(acme, sourceInputs(mine));
    await index.close();
    const words = [
      "mcp",
      "--index",
      join(folder, "index"),
      "--embedder",
      "none",
      "--tenant",
      "acme",
      "--retriever",
      "lexical",
    ];
    const child = spawn(process.execPath, [built, ...words]);
    onTestFinished(async () => {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true, force: true });
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (piece) => {
      out += piece;
    });
    child.stderr.on("data", (piece) => {
      err += piece;
    });
    return { child, out: () => out, err: () => err };
  }

  it("survives what is no message, and messages of megabytes, and answers the next", async () => {
    const { child, out } = await started();
    const garbage = [
      "not json\n",
      "[]\n",
      "null\n",
      '{"jsonrpc":"2.0"}\n',
      '{"jsonrpc":"1.0","id":9,"method":"tools/call"}\n',
      "\u0000\n",
    ];
    child.stdin!.write(hello);
    for (const piece of garbage) child.stdin!.write(piece);
    child.stdin!.write(search(2, "x".repeat(5_000_000)));
    child.stdin!.write(line({ id: 3, method: "tools/call", params: { name: "a".repeat(1_000_000), arguments: {} } }));
    child.stdin!.write(`${"[".repeat(100_000)}\n`);
    child.stdin!.write(search(4, "labyrinth"));
    await expect.poll(out, { timeout: 30_000 }).toMatch(/"id":4[,}]/);
    const answers = new Map(
      out()
        .trim()
        .split("\n")
        .map((one) => JSON.parse(one) as { id: number; result?: { isError?: boolean }; error?: unknown })
        .map((one) => [one.id, one]),
    );
    expect(answers.get(2)?.result?.isError).toBe(true);
    expect(JSON.stringify(answers.get(2)).length).toBeLessThan(10_000);
    expect(JSON.stringify(answers.get(3)).length).toBeLessThan(1_100_000);
    expect(JSON.stringify(answers.get(4))).toContain("Daedalus");
    expect(child.exitCode).toBeNull();
  }, 60_000);

  it("ends by itself, without a word of it being lost or a crash, when its client dies in the middle of a call", async () => {
    const { child, out, err } = await started();
    child.stdin!.write(hello);
    await expect.poll(out, { timeout: 30_000 }).toContain('"id":1');
    for (let at = 0; at < 20; at++) child.stdin!.write(search(10 + at, "labyrinth"));
    child.stdin!.write(search(99, "labyrinth").slice(0, 40)); // it died while it wrote
    const ended = once(child, "exit");
    child.stdout!.destroy();
    child.stdin!.destroy();
    const [code, signal] = await ended;
    expect([signal, err()]).toEqual([null, expect.not.stringMatching(/Unhandled|TypeError|at .*node:/)]);
    expect([0, 1]).toContain(code);
  }, 60_000);
});
