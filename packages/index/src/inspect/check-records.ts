import { statSync } from "node:fs";
import { getJson, parseJson } from "../records/json-record.js";
import { tenantsPrefix } from "../records/keys.js";
import { unseal } from "../records/seal.js";
import type { StoredPassage, StoredSource, StoredText } from "../records/stored-records.js";
import { decodeRows } from "../segment/rows-codec.js";
import { storedMaker } from "../state/index-maker.js";
import { dataFile } from "../store/check-data-file.js";
import type { StoreReader } from "../store/store.js";
import type { IndexHealth, TenantContents } from "./index-health.js";

const mostProblems = 20;
const prefixLength = `${tenantsPrefix}${"0".repeat(32)}/`.length;

/** Reads every record of an index: checksums, and that the records of each source belong together. */
export function checkRecords(path: string, reader: StoreReader): IndexHealth {
  const problems: string[] = [];
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (problems.length < mostProblems) problems.push(error instanceof Error ? error.message : String(error));
    }
  };
  const prefixes = new Set<string>();
  attempt(() => {
    for (const [key, value] of reader.range("")) {
      attempt(() => unseal(key, value));
      if (key.startsWith(tenantsPrefix)) prefixes.add(key.slice(0, prefixLength));
    }
  });
  let maker: ReturnType<typeof storedMaker>;
  attempt(() => {
    maker = storedMaker(reader);
  });
  const hasLinks = maker?.links === true;
  const tenants: TenantContents[] = [];
  for (const prefix of [...prefixes].sort())
    attempt(() => tenants.push(checkTenant(prefix, reader, hasLinks, attempt)));
  const bytes = statSync(dataFile(path)).size;
  const { probe: _probe, ...made } = maker ?? { probe: undefined };
  const contents = { tenants, bytes, ...(maker === undefined ? {} : { maker: made as Omit<typeof maker, "probe"> }) };
  return problems.length === 0 ? { status: "whole", ...contents } : { status: "damaged", problems, ...contents };
}

function checkTenant(
  prefix: string,
  reader: StoreReader,
  hasLinks: boolean,
  attempt: (work: () => void) => void,
): TenantContents {
  let sources = 0;
  let passages = 0;
  for (const [key, value] of reader.range(`${prefix}s/`)) {
    const hash = key.slice(prefix.length + 2);
    attempt(() => {
      const { record } = parseJson<StoredSource>(key, value);
      sources++;
      passages += record.passages;
      const wrong = (what: string): Error => new Error(`Source "${record.id}" ${what}.`);
      const text = getJson<StoredText>(reader, `${prefix}t/${hash}`);
      if (text === undefined) throw wrong("has no text");
      const rowsKey = `${prefix}r/${hash}`;
      const rows = reader.get(rowsKey);
      if (rows === undefined) throw wrong("has no rows");
      if (hasLinks && reader.get(`${prefix}l/${hash}`) === undefined) throw wrong("has no names");
      const { ids } = decodeRows(unseal(rowsKey, rows));
      const stored = [...reader.range(`${prefix}p/${hash}/`)].map(([at, bytes]) => parseJson<StoredPassage>(at, bytes));
      if (stored.length !== record.passages || ids.length !== record.passages) {
        throw wrong(`names ${record.passages} passages and has ${stored.length}, with ${ids.length} rows`);
      }
      for (const [ordinal, passage] of stored.entries()) {
        if (passage.id !== ids[ordinal]) throw wrong(`has another passage ${ordinal} than its rows`);
        if (text.text.slice(...passage.span) !== passage.text)
          throw wrong(`has a passage ${ordinal} that is not its text`);
      }
    });
  }
  let vectors = 0;
  for (const _ of reader.range(`${prefix}v/`)) vectors++;
  return {
    tenant: getJson<string>(reader, `${prefix}n/`) ?? "",
    generation: getJson<number>(reader, `${prefix}g/`) ?? 0,
    sources,
    passages,
    vectors,
  };
}
