import type { Scope } from "./scope.js";

/** A text that two scopes share exactly when they are the same: for cache and checkpoint keys. */
export const scopeKey = ({ tenant, principals }: Scope): string => JSON.stringify([tenant, principals ?? null]);
