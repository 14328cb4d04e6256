export { aCall, type CallFields } from "./a-call.js";
export { aHit, type HitFields } from "./a-hit.js";
export { aPassage, type PassageFields } from "./a-passage.js";
export { aSource, aSourceText, type SourceTextFields } from "./a-source.js";
export { type FakeRerankerOptions, fakeReranker, type RerankerFault } from "./fake-reranker.js";
export { type FaultyRetrieverOptions, faultyRetriever, type RetrieverFault } from "./faulty-retriever.js";
export { type FixedRuntime, type FixedRuntimeOptions, fixedRuntime, seededRandom } from "./fixed-runtime.js";
export { type EmbedderFault, type HashEmbedder, type HashEmbedderOptions, hashEmbedder } from "./hash-embedder.js";
export type { IndexSetup, TestIndexOptions } from "./index-suite/index-bench.js";
export { testIndex } from "./index-suite/test-index.js";
export { paragraphSplitter } from "./paragraph-splitter.js";
export { type ReferenceIndexOptions, referenceIndex } from "./reference/reference-index.js";
export type { ScriptedAnswer, ScriptedRequest, ScriptedToolCall } from "./scripted-answer.js";
export {
  type ScriptedCallOptions,
  type ScriptedModel,
  type ScriptedModelOptions,
  scriptedModel,
} from "./scripted-model.js";
export { sourceInput, sourceInputs } from "./source-input.js";
export { type TestEmbedderOptions, testEmbedder } from "./test-embedder.js";
export { type TestPolicyOptions, testPolicy } from "./test-policy.js";
export { type BrokenSample, type ReaderSample, type TestReaderOptions, testReader } from "./test-reader.js";
export { type TestRerankerOptions, testReranker } from "./test-reranker.js";
export { type TestRetrieverOptions, testRetriever } from "./test-retriever.js";
export { type TestSplitterOptions, testSplitter } from "./test-splitter.js";
