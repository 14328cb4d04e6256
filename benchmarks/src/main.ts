import { positiveInteger } from "@clew/core";
import { Command } from "commander";
import { answers } from "./answers.js";
import { bundle } from "./bundle.js";
import { pages } from "./pages.js";
import { quality } from "./quality.js";
import { reference } from "./reference.js";
import { speed } from "./speed/speed.js";

const list = (value: string): string[] => value.split(",").filter((part) => part !== "");
const integer = (value: string): number => positiveInteger("number", Number(value));
const integers = (value: string): number[] => list(value).map(integer);

const program = new Command("benchmark").description("Measures clew on BEIR folders.");

program
  .command("quality")
  .description("ranking quality and latency of retrievers")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--retrievers <names>", "lexical, dense, hybrid", list, ["lexical", "dense", "hybrid"])
  .option("--k1 <number>", "BM25 term saturation", Number)
  .option("--b <number>", "BM25 length normalisation", Number)
  .option("--out <file>", "write JSON")
  .action(quality);

program
  .command("answers")
  .description("answers without a model: gold answers in quotes, verbatim quotes, evidence recall")
  .requiredOption("--data <dirs>", "BEIR folders with answers, comma-separated", list)
  .option("--questions <n>", "questions drawn; yes/no answers are left out", integer, 300)
  .option("--seed <n>", "seed of the draw", integer, 7)
  .option("--hops <list>", "rounds of retrieval, comma-separated", integers, [1, 4])
  .option("--out <file>", "write JSON")
  .action(answers);

program
  .command("pages")
  .description("citations of gold pages over PDFs")
  .requiredOption("--data <dir>", "folder with pdfs/ and queries.jsonl")
  .option("--out <file>", "write JSON")
  .action(pages);

program
  .command("reference")
  .description("the lexical leg against the BM25 formula")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--out <file>", "write JSON")
  .action(reference);

program
  .command("bundle")
  .description("sizes of bundles for serverless functions")
  .option("--out <file>", "write JSON")
  .action(bundle);

program
  .command("speed")
  .description("build time, memory and latency beside the peers, in one run with interleaved rounds")
  .option("--passages <list>", "how many, comma-separated", integers, [10_000])
  .option("--data <dirs>", "BEIR folders, comma-separated; without them, synthetic texts", list, [])
  .option("--systems <names>", "which, comma-separated; all without it", list)
  .option("--rounds <n>", "turns of each system", integer, 5)
  .option("--queries <n>", "questions over all rounds", integer, 200)
  .option("--k <n>", "passages a question", integer, 10)
  .option("--seed <n>", "seed of texts, vectors and draws", integer, 7)
  .option("--limit <seconds>", "for building one system", integer, 300)
  .option("--out <file>", "write JSON")
  .option("--markdown <file>", "write the tables as Markdown")
  .option("--plots <dir>", "write SVG")
  .action(speed);

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
