import type { JournalEntry, JsonValue } from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { BaseCheckpointSaver, LangGraphRunnableConfig } from "@langchain/langgraph";

/** A line of the record, before it has its number. */
export type Line = Omit<JournalEntry, "seq">;

/** What is kept of one finished call. */
export interface KeptOutput {
  /** When it ended, in milliseconds since 1970. */
  readonly at: number;
  readonly data: JsonValue;
  /** It failed, and `data` says how: only replays keep failures, what is resumed is tried again. */
  readonly failed?: true | undefined;
  /** What was recorded while it ran. */
  readonly entries?: readonly Line[] | undefined;
}

/** Outputs of the paid calls of one run, kept as soon as they are there. */
export interface KeptOutputs {
  /** What is kept under a key; what another process kept is found too. */
  get(key: string): Promise<KeptOutput | undefined>;
  /** Resolves when the output is where a new process finds it. The first output of a key stays. */
  put(key: string, output: KeptOutput): Promise<void>;
}

type Saver = Pick<BaseCheckpointSaver, "getTuple" | "put" | "putWrites">;

/** The one checkpoint of a run's outputs. Its id is a valid version 6 UUID, as savers may expect. */
const baseId = "1f000000-0000-6000-8000-000000000000";
const channel = "clew-output";

/**
 * The outputs of a run in the checkpointer that the graph runs under, its own or its caller's: pending writes of a
 * checkpoint in a namespace of the same thread, so that deleting the thread deletes them. See decision 0016.
 *
 * @returns undefined where nothing keeps the run
 */
export function keptOutputs(run: string, { configurable = {} }: LangGraphRunnableConfig): KeptOutputs | undefined {
  const saver: unknown = configurable.__pregel_checkpointer;
  const thread: unknown = configurable.thread_id;
  if (!isSaver(saver) || typeof thread !== "string") return undefined;
  const base = { configurable: { thread_id: thread, checkpoint_ns: `clew-journal-${contentHash(run)}` } };
  const at = { configurable: { ...base.configurable, checkpoint_id: baseId } };
  let opened: Promise<Map<string, string>> | undefined;

  const open = async (): Promise<Map<string, string>> => {
    const found = await saver.getTuple(at);
    if (found === undefined) {
      const checkpoint = {
        v: 4,
        id: baseId,
        ts: new Date(0).toISOString(),
        channel_values: {},
        channel_versions: {},
        versions_seen: {},
      };
      await saver.put(base, checkpoint, { source: "update", step: -1, parents: {} }, {});
    }
    const writes = (found?.pendingWrites ?? []).filter(([, name]) => name === channel);
    return new Map(writes.map(([key, , text]) => [key, String(text)]));
  };
  const known = async (): Promise<Map<string, string>> => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  return {
    get: async (key) => {
      const text = (await known()).get(contentHash(key));
      return text === undefined ? undefined : (JSON.parse(text) as KeptOutput);
    },
    put: async (key, output) => {
      await known();
      // as text: serialisers revive objects that look like LangChain's, and this is what models and sources said
      await saver.putWrites(at, [[channel, JSON.stringify(output)]], contentHash(key));
    },
  };
}

const isSaver = (value: unknown): value is Saver =>
  typeof value === "object" && value !== null && "putWrites" in value && "getTuple" in value && "put" in value;
