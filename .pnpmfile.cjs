// Optional peers that these could use besides, but do not here. Each package that brings one of them along would otherwise get
// copies of LangChain and vitest of its own, which break each other's types and instanceof.
const unused = {
  langsmith: [
    "openai",
    "ws",
    "@opentelemetry/api",
    "@opentelemetry/sdk-trace-base",
    "@opentelemetry/exporter-trace-otlp-proto",
  ],
  "@langchain/langgraph-sdk": ["react", "react-dom"],
  vitest: ["@opentelemetry/api", "happy-dom"],
};

module.exports = {
  hooks: {
    readPackage(manifest) {
      for (const peer of unused[manifest.name] ?? []) {
        delete manifest.peerDependencies?.[peer];
        delete manifest.peerDependenciesMeta?.[peer];
      }
      return manifest;
    },
  },
};
