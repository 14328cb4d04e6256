import {
  ClewError,
  checkKeys,
  defineRetriever,
  type Hit,
  invalidOption,
  isRetriever,
  type Retriever,
  raceSignal,
  type SearchOptions,
  scopeKey,
} from "@clew/core";
import { questionKind, questionKinds } from "./question-kind.js";

/** Chooses the route of a query: its name, or the kind of question. */
export type ChooseRoute = (
  query: string,
  options: Pick<SearchOptions, "signal" | "call" | "config">,
) => string | Promise<string>;

/** Options of {@link routed}. */
export interface RoutedOptions {
  /**
   * Retrievers of one scope by name. `default` takes what has no route of its own; with the default chooser the other
   * names are those of `QuestionKind`.
   */
  routes: Readonly<Record<string, Retriever>> & { readonly default: Retriever };
  /** @default `questionKind`: rules, no model */
  choose?: ChooseRoute | undefined;
  /** Hits when a search names no `k`. @default 10 */
  k?: number | undefined;
}

/**
 * Hands each query to the retriever for its kind: codes to `lexical`, questions to `hybrid` or `linked`. The
 * explanation of each hit names the kind and the route.
 *
 * @throws ClewError `invalid-option`, on search also when a chooser names neither a route nor a kind of question
 */
export function routed(options: RoutedOptions): Retriever {
  checkKeys("routed", options, ["routes", "choose", "k"] satisfies (keyof RoutedOptions)[]);
  const { choose = questionKind, k } = options;
  if (typeof choose !== "function") throw invalidOption("choose", "a function", choose);
  const routes = new Map(Object.entries(options.routes ?? {}));
  const fallback = routes.get("default");
  if (fallback === undefined) throw invalidOption("routes", "retrievers by name, one of them named default");
  for (const [name, retriever] of routes) {
    if (!isRetriever(retriever)) throw invalidOption(`routes.${name}`, "a retriever", retriever);
    if (keyOf(retriever) !== keyOf(fallback)) throw invalidOption(`routes.${name}`, "of the same scope as the others");
    if (choose === questionKind && name !== "default" && !isKind(name)) {
      throw invalidOption(`routes.${name}`, `one of default, ${questionKinds.join(", ")}, unless { choose } is given`);
    }
  }
  return defineRetriever(
    "routed",
    async (query, asked) => {
      const { signal, call, config } = asked;
      const kind = await raceSignal(Promise.resolve(choose(query, { signal, call, config })), signal);
      if (!routes.has(kind) && !isKind(kind)) {
        throw new ClewError(
          "invalid-option",
          `choose gave ${JSON.stringify(kind)}, which is no route: give one of ${[...routes.keys()].join(", ")}.`,
        );
      }
      const route = routes.has(kind) ? kind : "default";
      const found = await routes.get(route)!.search(query, asked);
      return { ...found, hits: found.hits.map((hit) => explained(hit, kind, route)) };
    },
    { scope: fallback.scope, k },
  );
}

const explained = ({ passage, score, explain }: Hit, kind: string, route: string): Hit => ({
  passage,
  score,
  explain: { kind: "other", name: "routed", detail: { kind, route }, before: explain },
});

const isKind = (name: string): boolean => (questionKinds as readonly string[]).includes(name);

const keyOf = ({ scope }: Retriever): string => (scope === undefined ? "" : scopeKey(scope));
