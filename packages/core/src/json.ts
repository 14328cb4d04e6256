/** What survives a round trip through JSON. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** An object that survives a round trip through JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}
