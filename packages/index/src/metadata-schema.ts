import { ClewError, type Metadata } from "@clew/core";

/** What checks and types metadata: any zod object schema whose output is flat, such as `z.object({ year: z.number() })`. */
export interface MetadataSchema<M extends Metadata = Metadata> {
  safeParse(value: unknown): { success: true; data: M } | { success: false; error: { message: string } };
}

/** The metadata as the schema returns it. @throws ClewError `invalid-option` */
export function checkMetadata(metadata: Metadata, schema: MetadataSchema | undefined): Metadata {
  if (schema === undefined) return metadata;
  const checked = schema.safeParse(metadata);
  if (checked.success) return checked.data;
  throw new ClewError("invalid-option", `The metadata does not fit the index's schema: ${checked.error.message}`);
}
