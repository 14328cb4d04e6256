import { fileURLToPath } from "node:url";
import * as clew from "clew";
import { expect, onTestFinished } from "vitest";
import { createApp } from "../src/create-app.js";
import { type OpenRuns, openRuns } from "../src/open-runs.js";
import { openSources } from "../src/open-sources.js";
import { sampleQuestions } from "../src/sample-questions.js";
import { type Started, start } from "../src/start.js";
import type { WebSearch } from "../src/web-search.js";
import type { WireEvent } from "../src/wire.js";

const sample = fileURLToPath(new URL("../sample/wikipedia", import.meta.url));

/** Options of {@link serveExample}. */
export interface ServeExampleOptions {
  /** A served model; none: quotes alone. */
  models?: Parameters<typeof clew.createResearcher>[0]["models"];
  web?: WebSearch | undefined;
  /** Further folders, and what is in them for another tenant. */
  folders?: readonly string[] | undefined;
  others?: Parameters<clew.Index["sync"]>[1] | undefined;
  mostRuns?: number | undefined;
  budget?: clew.Budget | undefined;
  sections?: number | undefined;
  /** Keeps the record, and lets readers say what they think. */
  traces?: clew.TraceStore | undefined;
}

/** The example's server over its sample, searched by words alone, on a port that is free; closed when the test ends. */
export async function serveExample(options: ServeExampleOptions = {}): Promise<Started & { runs: OpenRuns }> {
  const { models, web, folders = [], others, mostRuns = 4, budget = {}, sections = 4, traces } = options;
  const index = await clew.memoryIndex();
  const scope = clew.scope("me");
  for (const folder of [sample, ...folders]) await index.sync(scope, clew.files([folder]));
  if (others !== undefined) await index.sync(clew.scope("somebody-else"), others);
  const sources = openSources({ index, scope, search: clew.lexical, web });
  const researcher = clew.createResearcher({
    sources: sources.places,
    budget,
    sections,
    traces,
    ...(models && { models }),
  });
  const runs = openRuns({ most: mostRuns });
  const about = {
    documents: (await index.sources(scope)).length,
    folder: "the sample",
    record: traces !== undefined,
    maxQuestion: 1000,
    examples: sampleQuestions,
    ...(models && { model: "test-model" }),
    ...(web && { web: "search.example" }),
  };
  const app = createApp({ researcher, sources, runs, about, record: traces && { traces, scope } });
  const server = await start({ app, runs, host: "127.0.0.1", port: 0 });
  let stopped: Promise<void> | undefined;
  const stop = (reason: string): Promise<void> => {
    stopped ??= server.stop(reason).then(() => index.close());
    return stopped;
  };
  onTestFinished(() => stop("The test is over."));
  return { url: server.url, runs, stop };
}

/** Asks as the page does. */
export const post = (url: string, body: unknown, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}research`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...init,
  });

/** The events of a stream, as they come. */
export async function* eventsOf(response: Response): AsyncGenerator<WireEvent, void, undefined> {
  let open = "";
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    const blocks = (open + piece).split("\n\n");
    open = blocks.pop()!;
    for (const block of blocks) {
      const [type, data] = block.split("\n");
      const event = JSON.parse(data!.slice("data: ".length)) as WireEvent;
      if (type !== `event: ${event.type}`) throw new Error(`"${type}" is not the type of ${data}`);
      yield event;
    }
  }
}

/** Expects of what is read again and again that it comes to be so, however slow the machine is. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000, interval: 20 });
