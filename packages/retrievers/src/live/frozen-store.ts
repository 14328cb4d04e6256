import { checkKeys, type Erasable, positiveInteger, type SourceId, type SourceText } from "@clew/core";

/** A live result as it was when it was fetched. */
export interface FrozenSource {
  /** Its source's `version` is a hash of text, title, uri and metadata; spans of passages and citations index its text. */
  readonly text: SourceText;
  /** When it was fetched, in milliseconds since 1970. */
  readonly fetchedAt: number;
  /** The query that fetched it. */
  readonly query: string;
}

/**
 * Where live results are kept, so that a citation can be looked up afterwards. A source's id says its content: an equal
 * id is the same text. A store knows no scopes: tenants that must not see each other's results need one each.
 */
export interface FrozenStore {
  get(source: SourceId): FrozenSource | undefined | Promise<FrozenSource | undefined>;
  /** Keeps a source; one of equal id is replaced. */
  set(frozen: FrozenSource): void | Promise<void>;
}

/** Options of {@link frozenStore}. */
export interface FrozenStoreOptions {
  /** Sources kept. @default 1000 */
  maxSources?: number | undefined;
  /** UTF-16 code units of text kept. @default 20000000 */
  maxCharacters?: number | undefined;
}

/**
 * A {@link FrozenStore} in memory, which can forget a source. Beyond its bounds the sources that were neither kept nor asked for the longest go; the
 * last one stays, whatever its length.
 *
 * @throws ClewError `invalid-option`
 */
export function frozenStore(options: FrozenStoreOptions = {}): FrozenStore & Erasable {
  checkKeys("frozenStore", options, ["maxSources", "maxCharacters"] satisfies (keyof FrozenStoreOptions)[]);
  const { maxSources = 1000, maxCharacters = 20_000_000 } = options;
  positiveInteger("maxSources", maxSources);
  positiveInteger("maxCharacters", maxCharacters);
  const kept = new Map<SourceId, FrozenSource>();
  let characters = 0;
  const take = (id: SourceId): FrozenSource | undefined => {
    const found = kept.get(id);
    if (found === undefined) return undefined;
    kept.delete(id);
    characters -= found.text.text.length;
    return found;
  };
  const put = (frozen: FrozenSource): void => {
    kept.set(frozen.text.source.id, frozen);
    characters += frozen.text.text.length;
  };
  return {
    get: (id) => {
      const found = take(id);
      if (found !== undefined) put(found);
      return found;
    },
    set: (frozen) => {
      take(frozen.text.source.id);
      put(frozen);
      for (const [oldest] of kept) {
        if (kept.size === 1 || (kept.size <= maxSources && characters <= maxCharacters)) break;
        take(oldest);
      }
    },
    erase: async (_scope, { source }) => {
      const sources = take(source) === undefined ? 0 : 1;
      return [{ place: "frozen-results", removed: { sources }, notes: [] }];
    },
  };
}
