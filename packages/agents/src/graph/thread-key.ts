import { type Scope, scopeKey } from "@clew/core";
import { contentHash } from "@clew/core/text";

/** Key of a conversation in a checkpointer: no two scopes (tenant and principals) ever share one. */
export const threadKey = (scope: Scope, thread: string): string =>
  contentHash(JSON.stringify([scopeKey(scope), thread]));

/** Key of a report in a checkpointer: another than any conversation's. */
export const researchKey = (scope: Scope, thread: string): string =>
  contentHash(JSON.stringify([scopeKey(scope), "research", thread]));
