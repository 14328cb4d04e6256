import { askJson, type JsonAnswer, type Passage, type PolicyCall, type ServedModel } from "@clew/core";
import type { z } from "zod/v4";
import { jsonSchemaOf } from "./schemas.js";

/** What is asked, and in what form the answer must come. */
export interface JsonQuestion<T> {
  readonly role: string;
  /** Where in the run it is asked. */
  readonly node: string;
  readonly branch: string;
  readonly system: string;
  /** The role's prompt alone, as it is versioned: its hash enters the record. @default system */
  readonly prompt?: string | undefined;
  readonly user: string;
  /** Passages whose text is in the prompt. */
  readonly passages: readonly Pick<Passage, "id" | "source">[];
  readonly schema: z.ZodType<T>;
  readonly served: ServedModel;
  readonly maxTokens: number;
  /** Milliseconds of silence after which the service is given up. @default that of `callModel` */
  readonly timeoutMs?: number | undefined;
}

/** Asks a model for an object by `askJson` of core, its form given and checked by a zod schema. */
export const askForJson = async <T>(call: PolicyCall, question: JsonQuestion<T>): Promise<JsonAnswer<T>> => {
  const { schema, ...asked } = question;
  return askJson(call, {
    ...asked,
    shape: jsonSchemaOf(schema),
    read: (answer) => {
      const parsed = schema.safeParse(answer);
      if (parsed.success) return { value: parsed.data };
      const problems = parsed.error.issues
        .slice(0, 5)
        .map(({ path, message }) => `${path.join(".") || "answer"}: ${message}`);
      return { wrong: problems.join("; ") };
    },
  });
};
