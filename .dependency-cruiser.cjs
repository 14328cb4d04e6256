/** The house is a star: every package opens on `core` alone, `tuning` also on `evaluate`, `clew` on all. */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "core-opens-on-nothing",
      severity: "error",
      from: { path: "^packages/core/" },
      to: { path: "^packages/(?!core/)" },
    },
    {
      name: "packages-open-on-core-alone",
      severity: "error",
      from: { path: "^packages/(?!core/|clew/|tuning/)([^/]+)/" },
      to: { path: "^packages/(?!core/)", pathNot: "^packages/$1/" },
    },
    {
      name: "tuning-opens-on-core-and-evaluate",
      severity: "error",
      from: { path: "^packages/tuning/" },
      to: { path: "^packages/(?!core/|evaluate/|tuning/)" },
    },
    {
      name: "public-entries-only",
      comment: "Examples and benchmarks, and one package in another, use what is published.",
      severity: "error",
      from: { path: "^(?:examples|benchmarks)/|^packages/([^/]+)/" },
      to: { path: "^packages/[^/]+/src/", pathNot: "^packages/$1/src/" },
    },
    {
      name: "core-runs-anywhere",
      comment: "core, retrievers and agents bundle for serverless and edge functions.",
      severity: "error",
      from: { path: "^packages/(?:core|retrievers|agents)/src/", pathNot: "\\.test\\.ts$|/test(?:ing)?/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "testing-is-for-tests",
      severity: "error",
      from: { path: "^packages/[^/]+/src/", pathNot: "\\.test\\.ts$|/test(?:ing)?/" },
      to: { path: "^packages/core/(?:src|dist)/testing/" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "/dist/"] },
    exclude: { path: "/dist/.*\\.map$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["types", "import", "default"] },
  },
};
