import { readPassages, readQueries, readVectors, type SpeedQuery, vectorAt } from "../corpus/speed-corpus.js";
import { allSystems } from "../systems/all-systems.js";
import type { OpenSystem } from "../systems/system.js";
import { type Memory, memory } from "./memory.js";
import type { Answered, Ready, Replies, Reply, Request } from "./protocol.js";

// One system in a process of its own, so that its garbage and its memory are nobody else's.

const system = allSystems.find(({ name }) => name === process.argv[2])!;
let open: OpenSystem | undefined;
let queries: readonly SpeedQuery[] = [];
let before: Memory | undefined;
/** Kept, so that texts count before and after alike. */
let texts: unknown;

process.on("message", (request: Request) => {
  answer(request).then(
    (value) => process.send?.({ ok: true, value } satisfies Reply),
    (error: unknown) => process.send?.({ ok: false, error: messageOf(error) } satisfies Reply),
  );
});
process.on("disconnect", () => process.exit());
process.on("SIGINT", () => undefined); // the parent ends us

async function answer(request: Request): Promise<Replies[Request["ask"]]> {
  switch (request.ask) {
    case "build":
      return build(request);
    case "open":
      return openBuilt(request);
    case "search":
      return search(request);
    case "memory": {
      const now = memory();
      return {
        resident: now.resident - (before?.resident ?? 0),
        javascript: now.javascript - (before?.javascript ?? 0),
      };
    }
  }
}

async function build({ corpus, folder }: Request & { ask: "build" }): Promise<Ready> {
  const loaded = await system.load();
  const asked = await readQueries(corpus);
  queries = asked.queries;
  const passages = await readPassages(corpus);
  texts = passages;
  before = memory();
  let vectors = system.legs.includes("dense") ? await readVectors(corpus) : undefined;
  const { dimensions } = asked;
  const parts = {
    passages,
    dimensions,
    vectorOf: (row: number) => vectorAt(vectors!, dimensions, row),
  };
  const took = stopwatch();
  if (loaded.keeps === "memory") open = await loaded.build(parts);
  else await loaded.build(parts, folder);
  const times = took();
  vectors = undefined;
  return { ...times, open: loaded.keeps === "memory" };
}

async function openBuilt({ corpus, folder }: Request & { ask: "open" }): Promise<Ready> {
  const loaded = await system.load();
  if (loaded.keeps === "memory") throw new Error(`${system.name} lives in memory; it cannot be opened.`);
  queries = (await readQueries(corpus)).queries;
  before = memory();
  const took = stopwatch();
  open = await loaded.open(folder, queries);
  return { ...took(), open: true };
}

async function search(request: Request & { ask: "search" }): Promise<Answered[]> {
  const leg = open?.legs[request.leg];
  if (leg === undefined) throw new Error(`${system.name} has no leg "${request.leg}" open.`);
  const answered: Answered[] = [];
  const until = performance.now() + request.budgetMs;
  for (const query of request.queries) {
    if (answered.length > 0 && performance.now() > until) break;
    const asked = queries[query]!;
    const took = stopwatch();
    const ids = await leg(asked, request.k);
    answered.push({ query, ...took(), ids });
  }
  return answered;
}

/** Milliseconds from now on, by the clock and of the processor. */
function stopwatch(): () => { ms: number; cpuMs: number } {
  const worked = process.cpuUsage();
  const started = performance.now();
  return () => {
    const ms = performance.now() - started;
    const { user, system: kernel } = process.cpuUsage(worked);
    return { ms, cpuMs: (user + kernel) / 1000 };
  };
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : ` (${messageOf(error.cause)})`;
  return `${error.message.split("\n")[0]}${cause}`;
}

void texts;
