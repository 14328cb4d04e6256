export type { EmbeddedIndex } from "./embedded-index.js";
export type { IndexOptions } from "./index-options.js";
export type { IndexContents, IndexHealth, TenantContents } from "./inspect/index-health.js";
export { type InspectOptions, inspectIndex } from "./inspect/inspect-index.js";
export { memoryIndex } from "./memory-index.js";
export type { MetadataSchema } from "./metadata-schema.js";
export { type OpenIndexOptions, openIndex } from "./open-index.js";
export type { FieldWeights } from "./segment/segment-builder.js";
export type { LexicalField } from "./segment/source-rows.js";
