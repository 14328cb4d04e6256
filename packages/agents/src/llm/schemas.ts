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

const sourceOf = (names: readonly string[]) => ({ source: z.enum(names).nullable() });

/** What a planner answers of whom each sub-question's source is wanted too: no other name than these is of the form. */
export const plannerSchemaFor = (names: readonly string[]): z.ZodType<PlannerAnswer> => {
  if (names.length < 2) return plannerSchema;
  const { element } = plannerSchema.shape.subQuestions;
  return z.object({ subQuestions: z.array(element.extend(sourceOf(names))) });
};

/** What a grader answers of whom the source of each next query is wanted too. */
export const graderSchemaFor = (names: readonly string[]): z.ZodType<GraderAnswer> => {
  if (names.length < 2) return graderSchema;
  const { element } = graderSchema.shape.grades;
  return z.object({ grades: z.array(element.extend(sourceOf(names))) });
};

type Sourced<T> = T & { readonly source?: string | null | undefined };

/** A planner's answer, with sources where there are several. */
export interface PlannerAnswer {
  readonly subQuestions: readonly Sourced<z.infer<typeof plannerSchema>["subQuestions"][number]>[];
}

/** A grader's answer, with sources where there are several. */
export interface GraderAnswer {
  readonly grades: readonly Sourced<z.infer<typeof graderSchema>["grades"][number]>[];
}

/** A schema as models are shown it. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema);
  return rest;
}
