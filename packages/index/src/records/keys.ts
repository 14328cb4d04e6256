import { contentHash } from "@clew/core/text";

/** What a record of a tenant holds. */
export type RecordKind =
  /** The tenant's name. */
  | "name"
  /** The number of its newest generation. */
  | "generation"
  /** One a generation: what changed. */
  | "log"
  /** One a source: what a person knows of it. */
  | "source"
  /** One a source: its canonical text. */
  | "text"
  /** One a passage. */
  | "passage"
  /** One a source: terms and quantised vectors of its passages. */
  | "rows"
  /** One a source: names in its passages, for the link leg. */
  | "names"
  /** One a text embedded: its vector. */
  | "vector";

const letters: Record<RecordKind, string> = {
  name: "n",
  names: "l",
  generation: "g",
  log: "j",
  source: "s",
  text: "t",
  passage: "p",
  rows: "r",
  vector: "v",
};

/** Key of the record that says what made the index. */
export const metaKey = "clew";

/** Key of the record that counts erasures. */
export const erasuresKey = "erasures";

/** Before the keys of every tenant. */
export const tenantsPrefix = "t/";

/** Keys of one tenant: hashes keep them short and of one length, whatever a tenant or source is called. */
export class TenantKeys {
  readonly prefix: string;

  constructor(tenant: string) {
    this.prefix = `${tenantsPrefix}${contentHash(tenant)}/`;
  }

  /** The one record of a kind, or the beginning of all of them. */
  all(kind: RecordKind): string {
    return `${this.prefix}${letters[kind]}/`;
  }

  /** A record by hash. */
  one(kind: RecordKind, hash: string): string {
    return `${this.all(kind)}${hash}`;
  }

  passage(source: string, ordinal: number): string {
    return `${this.one("passage", source)}/${ordinal.toString(16).padStart(6, "0")}`;
  }

  log(generation: number): string {
    return this.one("log", generation.toString(16).padStart(12, "0"));
  }
}

/** The hash under which a source's records stand. */
export const sourceHash = (id: string): string => contentHash(id);
