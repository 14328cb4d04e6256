// npm start                     the sample documents, quotes alone
// npm start -- ./my-folder      yours; npm start -- --help for the options
import * as clew from "clew";
import { createApp } from "./create-app.js";
import { openFolder } from "./open-folder.js";
import { openRuns } from "./open-runs.js";
import { openSources } from "./open-sources.js";
import { type Options, readOptions, usage } from "./read-options.js";
import { sampleQuestions } from "./sample-questions.js";
import { start } from "./start.js";
import { searxng } from "./web-search.js";

async function main(options: Options, stopping: AbortSignal): Promise<void> {
  const web = options.web === undefined ? undefined : searxng(options.web);
  const models =
    options.model === undefined
      ? {}
      : { models: clew.modelSource(clew.endpointFromSpec(options.model, { temperature: 0, maxRetries: 1 })) };
  const { index, scope, documents, directory, base, close } = await openFolder(options.folder, { signal: stopping });
  try {
    const sources = openSources({ index, scope, web });
    const budget = { ms: options.seconds * 1000 };
    const traces = options.record === false ? undefined : clew.fileTraces(options.record ?? `${directory}-record`);
    const researcher = clew.createResearcher({ sources: sources.places, budget, traces, ...models });
    const runs = openRuns({ most: 4 });
    const about = {
      documents,
      folder: options.isSample ? "the sample" : base,
      ...(options.web === undefined ? {} : { web: new URL(options.web).host }),
      ...(options.model === undefined ? {} : { model: nameOf(options.model) }),
      record: traces !== undefined,
      maxQuestion: 1000,
      examples: options.isSample ? sampleQuestions : [],
    };
    const app = createApp({
      researcher,
      sources,
      runs,
      about,
      record: traces && { traces, scope },
      ...hostsOf(options.host),
    });
    const server = await start({ app, runs, host: options.host, port: options.port });
    console.log(`Open ${server.url} (Ctrl-C stops it)`);
    if (!stopping.aborted) await new Promise((resolve) => stopping.addEventListener("abort", resolve, { once: true }));
    await server.stop("The server was stopped.");
  } finally {
    await close();
  }
}

/** The model's name; the address before it is nobody's business. */
const nameOf = (spec: string): string => spec.split("#")[1] ?? spec.split(":http")[0]!;

/** Beside the loopback a server is asked by the address that it was given; where it listens everywhere, by any name. */
function hostsOf(host: string): { hosts?: readonly string[] | "any" } {
  if (/^(?:127\.|localhost$|::1$)/.test(host)) return {};
  return { hosts: host === "0.0.0.0" || host === "::" ? "any" : [host] };
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => stop.abort(new Error("Interrupted. What was indexed so far is kept.")));
}
const words = process.argv.slice(2);
if (words.includes("--help")) console.log(usage);
else {
  await (async () => main(readOptions(words), stop.signal))().catch((error: Error) => {
    console.error(error.message);
    process.exitCode = stop.signal.aborted ? 130 : 1;
  });
}
