import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { writeReport } from "./write-report.js";

/** Options of `benchmark bundle`. */
export interface BundleOptions {
  readonly out?: string | undefined;
}

/** What a serverless function imports, by name. */
const entries: Readonly<Record<string, string>> = {
  "core: defineRetriever": 'export { defineRetriever } from "@clew/core";',
  "retrievers: hybrid": 'export { hybrid } from "@clew/retrievers";',
  "core, retrievers and agents": `export { scope } from "@clew/core";
    export { hybrid, reranked, httpReranker } from "@clew/retrievers";
    export { createRetrievalAgent } from "@clew/agents";`,
  "LangGraph alone": 'export { StateGraph } from "@langchain/langgraph";',
};

/** Sizes of minified bundles, in kB, LangChain included; LangGraph alone for comparison. */
export async function bundle({ out }: BundleOptions): Promise<void> {
  const sizes: Record<string, { minified_kb: number; gzip_kb: number }> = {};
  for (const [name, contents] of Object.entries(entries)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: fileURLToPath(new URL("..", import.meta.url)), loader: "js" },
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node20",
      logLevel: "error",
    });
    const bytes = outputFiles[0]!.contents;
    sizes[name] = { minified_kb: Math.round(bytes.length / 1000), gzip_kb: Math.round(gzipSync(bytes).length / 1000) };
  }
  console.table(sizes);
  if (out !== undefined) await writeReport(out, sizes);
}
