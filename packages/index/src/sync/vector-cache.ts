import type { EmbedderFingerprint } from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { TenantKeys } from "../records/keys.js";
import { seal, unseal } from "../records/seal.js";
import type { StoreReader, StoreWriter } from "../store/store.js";

/** Exact vectors by the string embedded, in the store: of one embedder and one tenant. */
export interface VectorCache {
  /** The key of a string: 32 hexadecimal digits. */
  keyOf(text: string): string;
  has(reader: StoreReader, key: string): boolean;
  /** @throws ClewError `index-damaged` */
  get(reader: StoreReader, key: string): Float32Array | undefined;
  put(writer: StoreWriter, key: string, vector: Float32Array): void;
}

/** Vectors of other embedders stand under other keys: what makes a vector is part of them. */
export function vectorCache(keys: TenantKeys, fingerprint: EmbedderFingerprint): VectorCache {
  const embedder = contentHash(JSON.stringify(Object.entries(fingerprint).sort(([a], [b]) => (a < b ? -1 : 1))));
  const at = (key: string): string => keys.one("vector", `${embedder.slice(0, 8)}/${key}`);
  return {
    keyOf: contentHash,
    has: (reader, key) => reader.get(at(key)) !== undefined,
    get: (reader, key) => {
      const sealed = reader.get(at(key));
      if (sealed === undefined) return undefined;
      // a copy: what came may stand at an odd address
      return new Float32Array(unseal(at(key), sealed).slice().buffer);
    },
    put: (writer, key, vector) =>
      writer.put(at(key), seal(at(key), new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))),
  };
}
