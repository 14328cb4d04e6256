import { expect, it } from "vitest";
import { type DriveGraphOptions, driveGraph } from "./drive-graph.js";

interface Event {
  readonly type: string;
  readonly at?: number;
}

const event = (type: string): Event => ({ type });

/** A graph that tells events; its stream's end is heard of. */
function telling(events: readonly (Event | Promise<never>)[]) {
  const heard: { config?: { signal: AbortSignal; configurable: object } | undefined; ended: boolean } = {
    ended: false,
  };
  const graph = {
    stream: async (_: unknown, config: object) => {
      heard.config = config as typeof heard.config;
      return (async function* () {
        for (const one of events) yield await one;
        heard.ended = true;
      })();
    },
  };
  return { graph, heard };
}

const optionsOf = (
  graph: ReturnType<typeof telling>["graph"],
  more: Partial<DriveGraphOptions<Event>> = {},
): DriveGraphOptions<Event> => ({
  ...{ config: {}, signals: [], recursionLimit: 9, context: {} },
  start: async () => ({ graph, input: { question: "q" } }),
  last: async () => event("done"),
  noted: () => event("note"),
  ...more,
});

async function typesOf(options: DriveGraphOptions<Event>): Promise<string[]> {
  const types: string[] = [];
  for await (const { type } of driveGraph(options)) types.push(type);
  return types;
}

it("tells what stands first, and the last event when the graph has ended", async () => {
  const { graph, heard } = telling([event("done"), event("usage")]);
  const events = driveGraph(optionsOf(graph, { told: () => [event("outline")] }));
  const types: string[] = [];
  for await (const { type } of events) {
    types.push(type);
    if (type === "done") expect(heard.ended).toBe(true);
  }
  expect(types).toEqual(["outline", "usage", "done"]);
});

it("takes the last event from the thread where the graph tells none, and from nowhere without a thread", async () => {
  expect(await typesOf(optionsOf(telling([event("usage")]).graph, { key: "t" }))).toEqual(["usage", "done"]);
  expect(await typesOf(optionsOf(telling([event("usage")]).graph))).toEqual(["usage"]);
});

it("hands on what its caller brought, the thread's key over it, and one signal for all", async () => {
  const { graph, heard } = telling([event("done")]);
  const config = {
    tags: ["mine"],
    configurable: { thread_id: "theirs", other: 1 },
    signal: new AbortController().signal,
  };
  await typesOf(optionsOf(graph, { config, key: "ours", context: { live: 1 } }));
  expect(heard.config).toMatchObject({
    ...{ tags: ["mine"], recursionLimit: 9, context: { live: 1 }, durability: "sync", streamMode: "custom" },
    configurable: { thread_id: "ours", other: 1 },
  });
});

it.each(["signal", "config"] as const)(
  "rejects with the reason of the %s, though the graph never answers",
  async (by) => {
    const reason = new Error("left");
    const leaving = new AbortController();
    const { signal } = leaving;
    const { graph, heard } = telling([event("usage"), new Promise<never>(() => undefined)]);
    const events = driveGraph(optionsOf(graph, by === "signal" ? { signals: [signal] } : { config: { signal } }));
    await events.next();
    const next = events.next();
    leaving.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(heard.config!.signal.reason).toBe(reason);
    await expect(driveGraph(optionsOf(graph, { signals: [undefined, signal] })).next()).rejects.toBe(reason);
  },
);

it("aborts the graph when the loop is left", async () => {
  const { graph, heard } = telling([event("usage"), event("usage")]);
  for await (const _ of driveGraph(optionsOf(graph))) break;
  expect(heard.config!.signal.reason).toMatchObject({ code: "closed" });
});
