export { type CrossEncoderOptions, crossEncoder } from "./cross-encoder.js";
export { type EmbedderFamily, knownEmbedder } from "./known-embedders.js";
export { type LocalEmbedderOptions, localEmbedder } from "./local-embedder.js";
export { type MiniLMOptions, miniLM } from "./mini-lm.js";
export type { ModelDtype } from "./model-files.js";
export type { DownloadProgress, FolderModel, HubModel, ModelLocation } from "./model-location.js";
