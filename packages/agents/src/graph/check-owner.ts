import { ClewError, type Scope, scopeKey } from "@clew/core";

/** @throws ClewError `invalid-option` where a thread belongs to another scope */
export function checkOwner({ owner }: { readonly owner: string }, scope: Scope): void {
  if (owner !== scopeKey(scope)) {
    throw new ClewError("invalid-option", "This thread belongs to another scope: use a thread of this scope's own.");
  }
}
