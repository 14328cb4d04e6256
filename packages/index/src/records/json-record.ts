import type { StoreReader, StoreWriter } from "../store/store.js";
import { sealText, unseal } from "./seal.js";

const decoder = new TextDecoder();

/** Puts a value that survives JSON, under a checksum. */
export function putJson(writer: StoreWriter, key: string, value: object | string | number): void {
  writer.put(key, sealText(key, JSON.stringify(value)));
}

/** Reads what {@link putJson} put. @throws ClewError `index-damaged` */
export function getJson<T>(reader: StoreReader, key: string): T | undefined {
  const value = reader.get(key);
  return value === undefined ? undefined : parseJson<T>(key, value);
}

/** The value of a record that {@link putJson} made. @throws ClewError `index-damaged` */
export const parseJson = <T>(key: string, value: Uint8Array): T => JSON.parse(decoder.decode(unseal(key, value))) as T;
