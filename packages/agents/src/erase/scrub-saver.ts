import { type Note, note } from "@clew/core";
import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** What is used of the connection of a `SqliteSaver`. */
interface SqliteDatabase {
  pragma(text: string): unknown;
  exec(text: string): unknown;
}

/** What is used of the pool of a `PostgresSaver`. */
interface PostgresPool {
  query(text: string): Promise<unknown>;
}

/** Makes the storage of a saver forget what was deleted. @returns what it may still hold */
export async function scrubSaver(
  saver: BaseCheckpointSaver,
  signal: AbortSignal | undefined,
): Promise<readonly Note[]> {
  signal?.throwIfAborted();
  const parts = saver as unknown as Record<string, unknown>;
  if (isObject(parts.db) && has(parts.db, "pragma", "exec")) return scrubSqlite(parts.db as unknown as SqliteDatabase);
  if (isObject(parts.pool) && has(parts.pool, "query")) {
    const schema =
      isObject(parts.options) && typeof parts.options.schema === "string" ? parts.options.schema : "public";
    return scrubPostgres(parts.pool as unknown as PostgresPool, schema);
  }
  // the one that lives in this process
  if (isObject(parts.storage) && isObject(parts.writes)) return [];
  const message =
    "Threads that hold the source were deleted, but it is not known whether this checkpointer's storage keeps old bytes. " +
    "Ask whoever runs it.";
  return [note("not-erased", message)];
}

/** A vacuum writes the live rows anew; then the log, which holds the old pages and the new ones, is cut to nothing. */
function scrubSqlite(database: SqliteDatabase): Note[] {
  try {
    database.exec("VACUUM");
    const [result] = database.pragma("wal_checkpoint(TRUNCATE)") as readonly { readonly busy?: number }[];
    if (result?.busy !== 1) return [];
    return [note("not-erased", busy("the log is in use"))];
  } catch (error) {
    return [note("not-erased", busy(error instanceof Error ? error.message : String(error)))];
  }
}

const busy = (why: string): string =>
  `Threads that hold the source were deleted, but the SQLite file could not be vacuumed (${why}), so bytes of them may ` +
  "stay in it. Close other connections to it, and erase again.";

async function scrubPostgres(pool: PostgresPool, schema: string): Promise<Note[]> {
  const remains =
    "its write-ahead log, replicas and backups hold them until they expire, and the free space of its pages until it is " +
    "used again (VACUUM FULL ends that)";
  const tables = ["checkpoints", "checkpoint_blobs", "checkpoint_writes"];
  try {
    const name = schema.replaceAll('"', '""');
    for (const table of tables) await pool.query(`VACUUM "${name}"."${table}"`);
    const message = `Threads that hold the source were deleted and their tables vacuumed. PostgreSQL's own files are for its administrator: ${remains}.`;
    return [note("not-erased", message, { vacuumed: true })];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Threads that hold the source were deleted, but PostgreSQL refused to vacuum their tables (${why}): the old rows stay until it does. Its administrator can do the rest: ${remains}.`;
    return [note("not-erased", message, { vacuumed: false })];
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const has = (value: Record<string, unknown>, ...methods: readonly string[]): boolean =>
  methods.every((method) => typeof value[method] === "function");
