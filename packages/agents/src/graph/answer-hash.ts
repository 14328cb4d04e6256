import type { Answer } from "@clew/core";
import { contentHash } from "@clew/core/text";

/** Hash of an answer's JSON text without its trace, which holds it: by it a replay is known to have come to the same. */
export const answerHash = (answer: Omit<Answer, "trace">): string => contentHash(JSON.stringify(answer));
