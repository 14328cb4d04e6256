import { appendFile, readFile, truncate } from "node:fs/promises";

/** A question that was handed over to a person. */
export interface HandOver {
  readonly id: string;
  readonly customer: string;
  readonly thread: string;
  readonly question: string;
  /** Why the agent did not answer: its notes. */
  readonly why: readonly string[];
  /** What it found, for the person who answers. */
  readonly found: readonly { readonly title: string; readonly text: string }[];
  readonly at: number;
  readonly reply?: string | undefined;
}

/** Where questions wait for a person, in a file that only grows: what was handed over survives a restart. */
export interface Desk {
  open(handOver: Omit<HandOver, "id" | "at" | "reply">): Promise<HandOver>;
  /** @returns undefined for an id that is not waiting */
  reply(id: string, text: string): Promise<HandOver | undefined>;
  list(): readonly HandOver[];
  /** Calls back at every change, until the function that it returns is called. */
  watch(onChange: (handOver: HandOver) => void): () => void;
}

/** Opens the desk of a file of JSON lines, each of which is the newest state of one hand-over. */
export async function openDesk(file: string): Promise<Desk> {
  const known = new Map<string, HandOver>();
  const watchers = new Set<(handOver: HandOver) => void>();
  const lines = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const whole = lines.split("\n");
  // what stands behind the last line end was being written when a process died: nobody was told that it is kept
  const broken = whole.pop()!;
  if (broken !== "") await truncate(file, Buffer.byteLength(lines) - Buffer.byteLength(broken));
  for (const line of whole) {
    const handOver = JSON.parse(line) as HandOver;
    known.set(handOver.id, handOver);
  }
  const keep = async (handOver: HandOver): Promise<HandOver> => {
    await appendFile(file, `${JSON.stringify(handOver)}\n`);
    known.set(handOver.id, handOver);
    for (const watcher of watchers) watcher(handOver);
    return handOver;
  };
  return {
    open: (handOver) => keep({ ...handOver, id: crypto.randomUUID(), at: Date.now() }),
    reply: async (id, text) => {
      const waiting = known.get(id);
      return waiting === undefined || waiting.reply !== undefined ? undefined : keep({ ...waiting, reply: text });
    },
    list: () => [...known.values()],
    watch: (onChange) => {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
}
