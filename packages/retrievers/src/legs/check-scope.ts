import { type IndexView, invalidOption, type Retriever, scopeKey } from "@clew/core";

/**
 * Holds that a view shows what a retriever may see, and nothing else.
 *
 * @throws ClewError `invalid-option` when the scopes differ, or the retriever has none
 */
export function checkScope(owner: string, { scope, kind }: Retriever, view: IndexView): void {
  if (scope === undefined) {
    throw invalidOption("view", `over what the retriever searches: ${kind} has no scope, so ${owner} cannot serve it`);
  }
  if (scopeKey(scope) !== scopeKey(view.scope)) throw invalidOption("view", `of the same scope as ${kind}`);
}
