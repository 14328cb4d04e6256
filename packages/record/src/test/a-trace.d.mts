import type { Scope, Trace } from "@clew/core";

export const asker: Scope;
export function aTrace(run: string, size?: number): Trace;
