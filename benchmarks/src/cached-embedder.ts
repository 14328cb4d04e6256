import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Embedded, type Embedder, type EmbedOptions, noUsage } from "@clew/core";
import { contentHash } from "@clew/core/text";

const keyBytes = 16;

/**
 * An embedder that remembers vectors on disk by the hash of what was embedded, across data sets, indexes and processes.
 * A folder holds files of fixed records (16 bytes of hash, then 32-bit floats); each process appends to one of its own.
 *
 * @param folder made when it is not there; one folder may serve several embedders
 */
export function cachedEmbedder(inner: Embedder, folder: string): Embedder {
  const { dimensions } = inner.fingerprint;
  const model = contentHash(JSON.stringify(inner.fingerprint));
  const mine = join(folder, model);
  mkdirSync(mine, { recursive: true });
  const own = join(mine, `${process.pid}-${Date.now()}.vectors`);
  const known = new Map<string, Float32Array>();
  for (const name of readdirSync(mine)) load(join(mine, name), dimensions, known);

  const embed = async (
    kind: "document" | "query",
    texts: readonly string[],
    options: EmbedOptions | undefined,
    work: (missing: readonly string[]) => Promise<Embedded>,
  ): Promise<Embedded> => {
    const keys = texts.map((text) => contentHash(`${kind}\n${text}`));
    const missing = new Map(keys.flatMap((key, index) => (known.has(key) ? [] : [[key, texts[index]!] as const])));
    if (missing.size === 0) {
      options?.onProgress?.(texts.length);
      return { vectors: keys.map((key) => known.get(key)!), usage: noUsage, notes: [] };
    }
    const made = await work([...missing.values()]);
    const names = [...missing.keys()];
    appendFileSync(own, Buffer.concat(made.vectors.map((vector, index) => record(names[index]!, vector))));
    for (const [index, key] of names.entries()) known.set(key, made.vectors[index]!);
    return { ...made, vectors: keys.map((key) => known.get(key)!) };
  };

  return {
    ...inner,
    fingerprint: inner.fingerprint,
    tokenCounter: (options) => inner.tokenCounter(options),
    embedDocuments: (texts, options) =>
      embed("document", texts, options, (missing) => inner.embedDocuments(missing, options)),
    embedQuery: (text, options) => embed("query", [text], options, ([missing]) => inner.embedQuery(missing!, options)),
    close: () => inner.close(),
  };
}

function record(key: string, vector: Float32Array): Buffer {
  return Buffer.concat([Buffer.from(key, "hex"), Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength)]);
}

/** Takes whole records in; a torn one at the end, of a process that was killed, is left. */
function load(path: string, dimensions: number, into: Map<string, Float32Array>): void {
  const bytes = readFileSync(path);
  const size = keyBytes + dimensions * 4;
  for (let at = 0; at + size <= bytes.length; at += size) {
    const vector = new Float32Array(dimensions);
    new Uint8Array(vector.buffer).set(bytes.subarray(at + keyBytes, at + size));
    into.set(bytes.toString("hex", at, at + keyBytes), vector);
  }
}
