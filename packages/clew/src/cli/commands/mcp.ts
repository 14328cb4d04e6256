import { createRetrievalAgent } from "@clew/agents";
import { ClewError, type Filter, scope } from "@clew/core";
import { mcpServer } from "../../mcp/mcp-server.js";
import { chooseModel } from "../choose-model.js";
import { exitCode } from "../exit-code.js";
import { probeCache } from "../probe-cache.js";
import { retrieverFor } from "../retriever-for.js";
import { saySync, syncPaths } from "../sync-paths.js";
import type { Terminal } from "../terminal.js";
import { commandScope, withWorkspace } from "../workspace.js";

/** Options of `clew mcp`. */
export interface McpCommandOptions {
  readonly index?: string;
  readonly embedder?: string;
  readonly retriever?: string;
  readonly model?: string;
  readonly tenant?: string;
  readonly principal?: readonly string[];
  readonly filter?: Filter;
  readonly about?: string;
  readonly k?: number;
  readonly hops?: number;
  readonly tokens?: number;
}

/**
 * `clew mcp [paths…]`: serves search, ask and fetch_passage to an MCP client over standard input and output, until the client closes
 * them. Documents are taken in while it starts; calls wait for them. Everything that is said goes to standard error.
 */
export async function mcpCommand(
  paths: readonly string[],
  { index, embedder, retriever, model, tenant, principal, filter, about, k, hops, tokens }: McpCommandOptions,
  terminal: Terminal,
): Promise<number> {
  if (paths.length === 0 && index === undefined) {
    throw new ClewError("invalid-option", "Usage: clew mcp <paths…>, or clew mcp --index DIR.");
  }
  const me =
    tenant === undefined && principal === undefined
      ? commandScope
      : scope(tenant ?? commandScope.tenant, { principals: principal });
  const models =
    model === undefined
      ? {}
      : { models: { default: await chooseModel(model, terminal.environment, probeCache(terminal)) } };
  return withWorkspace({ paths, index, embedder, create: paths.length > 0 }, terminal, async (opened) => {
    const workspace = { ...opened, me };
    const stop = new AbortController();
    const signal = AbortSignal.any([terminal.signal, stop.signal]);
    const ready = (async () => {
      if (paths.length > 0) saySync(await syncPaths(workspace, paths, { ...terminal, signal }), terminal);
    })();
    // whoever waits for it hears of a failure; it may come before anyone does
    ready.catch(() => undefined);
    const agent = createRetrievalAgent({
      retriever: retrieverFor(workspace, "linked"),
      ...models,
      budget: { hops, tokens },
    });
    const server = await mcpServer({
      retriever: retrieverFor(workspace, retriever),
      agent,
      view: workspace.index.in(me),
      filter,
      k,
      about,
      ready,
      signal,
    });
    const { StdioServerTransport } = await import("@modelcontextprotocol/sdk/server/stdio.js");
    const ended = new Promise<void>((resolve) => {
      process.stdin.once("end", resolve);
      process.stdin.once("close", resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
      server.server.onclose = resolve;
    });
    try {
      server.server.onerror = ({ message }) => terminal.say(`clew mcp: ${message}`);
      await server.connect(new StdioServerTransport());
      await Promise.race([ended, ready.then(() => ended)]);
    } finally {
      stop.abort(new ClewError("closed", "The server stops."));
      await server.close();
      // what was written stays and is whole; why it broke off was said, or is that the client has left
      await ready.catch(() => undefined);
    }
    return terminal.signal.aborted ? exitCode.interrupted : exitCode.answered;
  });
}
