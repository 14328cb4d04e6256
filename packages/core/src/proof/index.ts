export { type BundleOptions, bundle, type ProofBundle } from "./bundle.js";
export { checkFile, type FileCheck, type GivenFile, type VersionCheck } from "./check-file.js";
export { type Finding, type FoundInSource, findInSource, type GivenText, verifies } from "./find-in-source.js";
export type { FileKind } from "./given-text.js";
export type { KnownSource } from "./known-sources.js";
export type {
  PageSelector,
  ProofEvidence,
  ProofField,
  ProofJson,
  ProofQuote,
  ProofRepeat,
  ProofSection,
  ProofSentence,
  ProofSource,
  TextPositionSelector,
  TextQuoteSelector,
} from "./proof-json.js";
export type { Provable, ProvableReport, ProvableSection } from "./provable.js";
export { textFragment } from "./source-link.js";
