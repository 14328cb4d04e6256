/** The value where it is an object, else undefined. */
export const asRecord = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

/** The value where it is a list, else undefined. */
export const asList = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** The value where it is a text, else undefined. */
export const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The value where it is a finite number, else undefined. */
export const asNumber = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;
