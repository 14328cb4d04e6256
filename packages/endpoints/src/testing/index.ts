export type { ModelAnswer, ModelCall } from "./dialect.js";
export type { ModelServer } from "./model-server.js";
export type { ServedModelFacts, TestProtocol } from "./protocols.js";
export { type TestAbility, type TestMindOptions, testMind } from "./test-mind.js";
export { type TestModelServerOptions, testModelServer } from "./test-model-server.js";
