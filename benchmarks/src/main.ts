import { positiveInteger } from "@clew/core";
import { Command } from "commander";
import { answers } from "./answers.js";
import { bundle } from "./bundle.js";
import { pages } from "./pages.js";
import { quality } from "./quality.js";
import { reference } from "./reference.js";
import { reranking } from "./reranking/reranking.js";

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
  .command("reranking")
  .description("depth, blend and deadline of a reranker, chosen on half of the questions, reported on the other")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--model <dir>", "folder of a cross-encoder; without it the proximity reranker alone")
  .option("--dtype <name>", "precision of its weights", "q8")
  .option("--first <names>", "first stages: lexical, hybrid", list, ["lexical"])
  .option("--depths <list>", "hits reranked, comma-separated", integers, [10, 20, 30])
  .option("--blends <names>", "calibrated:SHARE, stretched:SHARE, banded", list, [
    "calibrated:.3",
    "calibrated:.5",
    "calibrated:.7",
    "calibrated:1",
    "stretched:.3",
    "stretched:.5",
    "banded",
  ])
  .option("--deadlines <list>", "milliseconds, for the setting chosen", integers, [100, 300, 1000])
  .option("--questions <n>", "questions drawn", integer)
  .option("--seed <n>", "seed of draw and halves", integer, 7)
  .option("--out <file>", "write JSON")
  .action(reranking);

program
  .command("bundle")
  .description("sizes of bundles for serverless functions")
  .option("--out <file>", "write JSON")
  .action(bundle);

program.parseAsync().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
