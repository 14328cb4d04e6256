import { positiveInteger } from "@clew/core";
import { Command } from "commander";
import { answers } from "./answers.js";
import { bundle } from "./bundle.js";
import { contexts } from "./contexts.js";
import { pages } from "./pages.js";
import { quality } from "./quality.js";
import { reference } from "./reference.js";

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
  .command("contexts")
  .description("what a line of context a passage does for retrieval")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--retrievers <names>", "lexical, dense, hybrid", list, ["lexical"])
  .option("--tokens <n>", "tokens of a passage", integer, 100)
  .option("--variants <names>", "none, title, position, lead, title+lead, title+headings+position", list, [
    "none",
    "lead",
  ])
  .option("--out <file>", "write JSON")
  .action(contexts);

program
  .command("bundle")
  .description("sizes of bundles for serverless functions")
  .option("--out <file>", "write JSON")
  .action(bundle);

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
