import { z } from "zod/v4";

// fields are required or nullable, never optional: strict servers refuse anything else

/** What a router answers. */
export const routerSchema = z.object({
  kind: z.enum(["retrieve", "converse", "clarify", "decline"]),
  question: z.string().nullable(),
  text: z.string().nullable(),
  why: z.string(),
});

/** What a planner answers. */
export const plannerSchema = z.object({
  subQuestions: z.array(z.object({ id: z.string(), question: z.string(), dependsOn: z.array(z.string()) })),
});

/** What a grader answers. */
export const graderSchema = z.object({
  grades: z.array(
    z.object({
      id: z.string(),
      answered: z.boolean(),
      evidence: z.array(z.string()),
      answer: z.string().nullable(),
      missing: z.string().nullable(),
      query: z.string().nullable(),
    }),
  ),
});

/** A schema as models are shown it. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}
