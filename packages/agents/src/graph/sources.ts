import {
  checkKeys,
  invalidOption,
  isRetriever,
  type Retriever,
  type Scope,
  type SourceDescription,
  scopeKey,
} from "@clew/core";

/** A place to look in, as an agent is given it. */
export interface SourceOptions {
  /** Searches it. */
  retriever: Retriever;
  /** What is in it, in one sentence: policies choose by it. */
  about: string;
}

/** A place to look in. */
export interface AgentSource {
  /** Absent: the only one. */
  readonly name?: string | undefined;
  readonly about: string;
  readonly retriever: Retriever;
}

const nameForm = /^[a-z][\w-]{0,63}$/i;

/**
 * The places of an agent: the one retriever, or the named sources in the order of their names.
 *
 * @throws ClewError `invalid-option` unless exactly one of both is given, and well-formed
 */
export function agentSources(
  retriever: Retriever | undefined,
  sources: Readonly<Record<string, SourceOptions>> | undefined,
): readonly AgentSource[] {
  if (retriever !== undefined && sources !== undefined) {
    throw invalidOption("sources", "left out where there is a retriever: name the retriever among the sources");
  }
  if (sources === undefined) {
    if (!isRetriever(retriever)) throw invalidOption("retriever", "a retriever, as defineRetriever makes one");
    return [{ about: "", retriever }];
  }
  if (typeof sources !== "object" || sources === null || Array.isArray(sources) || Object.keys(sources).length === 0) {
    throw invalidOption("sources", "an object with a retriever for each of one or more names");
  }
  return Object.keys(sources)
    .sort()
    .map((name) => {
      if (!nameForm.test(name)) {
        throw invalidOption("sources", "names of letters, digits, _ and -, a letter first, at most 64", name);
      }
      const source = sources[name]!;
      if (typeof source !== "object" || source === null) {
        throw invalidOption(`sources.${name}`, "an object with retriever and about", source);
      }
      checkKeys(`sources.${name}`, source, ["retriever", "about"]);
      if (!isRetriever(source.retriever)) {
        throw invalidOption(`sources.${name}.retriever`, "a retriever, as defineRetriever makes one");
      }
      if (typeof source.about !== "string" || source.about.trim() === "") {
        throw invalidOption(`sources.${name}.about`, "a sentence that says what is in it", source.about);
      }
      return { name, about: source.about, retriever: source.retriever };
    });
}

/** The sources as a policy sees them: none where there is but one without a name. */
export const describeSources = (sources: readonly AgentSource[]): SourceDescription[] =>
  sources.flatMap(({ name, about }) => (name === undefined ? [] : [{ name, about }]));

/**
 * Who asks: the scope that all sources share; those that have none of their own, such as live ones, take it on.
 *
 * @throws ClewError `invalid-option` when two differ, the one given is another, or there is none at all
 */
export function scopeOfSources(sources: readonly AgentSource[], given: Scope | undefined): Scope {
  let common: { scope: Scope; name: string } | undefined;
  for (const { name, retriever } of sources) {
    const own = retriever.scope;
    if (own === undefined) continue;
    if (common !== undefined && scopeKey(common.scope) !== scopeKey(own)) {
      throw invalidOption("sources", `retrievers of one scope; those of ${common.name} and ${name} differ`);
    }
    common ??= { scope: own, name: name ?? "retriever" };
  }
  if (common === undefined) {
    if (given === undefined) throw invalidOption("scope", "given for a retriever that has none of its own");
    return given;
  }
  if (given !== undefined && scopeKey(given) !== scopeKey(common.scope)) {
    throw invalidOption("scope", "that of the retriever: search with a retriever over this scope instead");
  }
  return common.scope;
}
