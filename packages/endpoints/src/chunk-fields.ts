import type { AIMessageChunkFields } from "@langchain/core/messages";

/** Fields of a chunk without those that are undefined: LangChain's types and constructors take none such. */
export const chunkFields = (fields: object): AIMessageChunkFields =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as unknown as AIMessageChunkFields;
