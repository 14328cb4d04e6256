import { invalidOption, positiveInteger } from "@clew/core";
import { Command } from "commander";
import { agent } from "./agent/agent.js";
import { attack } from "./attack.js";
import { bundle } from "./bundle.js";
import { compare } from "./compare.js";
import { contexts } from "./contexts.js";
import { denseScan } from "./dense-scan.js";
import { escalation } from "./escalation.js";
import { expansion } from "./expansion.js";
import { fusion } from "./fusion.js";
import { pages } from "./pages.js";
import { quality } from "./quality.js";
import { reference } from "./reference.js";
import { reranking } from "./reranking/reranking.js";
import { researchDigest } from "./research-digest.js";
import { researcher } from "./researcher.js";
import { retrieverMakers } from "./retriever-makers.js";
import { speed } from "./speed/speed.js";
import { tune } from "./tune.js";

const list = (value: string): string[] => value.split(",").filter((part) => part !== "");
const integer = (value: string): number => positiveInteger("number", Number(value));
const whole = (value: string): number => {
  if (!/^\d+$/.test(value)) throw invalidOption("number", "a whole number of 0 or more", value);
  return Number(value);
};
const integers = (value: string): number[] => list(value).map(integer);

const program = new Command("benchmark").description("Measures clew on BEIR folders.");

program
  .command("quality")
  .description("ranking quality and latency of retrievers")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--retrievers <names>", Object.keys(retrieverMakers).join(", "), list, ["lexical", "dense", "hybrid"])
  .option("--half <half>", "first, second or all of the questions, in the order of the seed", "all")
  .option("--seed <n>", "seed of the halves", whole, 1)
  .option("--compare", "paired differences of the other retrievers from the first, with intervals")
  .option("--queries <n>", "with --compare: questions shown that gained and lost most", whole, 0)
  .option("--k1 <number>", "BM25 term saturation", Number)
  .option("--b <number>", "BM25 length normalisation", Number)
  .option("--out <file>", "write JSON")
  .option("--runs <dir>", "write a TREC run file of each set and retriever")
  .action(quality);

program
  .command("compare")
  .description("paired differences between TREC run files, of two versions for example")
  .requiredOption("--data <dir>", "BEIR folder")
  .requiredOption("--runs <files>", "run files, comma-separated, the baseline first", list)
  .option("--metrics <names>", "metrics, comma-separated", list, ["ndcg@10", "recall@5"])
  .option("--half <half>", "first, second or all of the questions, in the order of the seed", "all")
  .option("--seed <n>", "seed of the halves", whole, 1)
  .option("--queries <n>", "questions shown that gained and lost most", whole, 0)
  .option("--out <file>", "write JSON, every question's difference included")
  .action(compare);

program
  .command("fusion")
  .description("ways of fusing the legs: chosen on the first half of the questions, reported on the second")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--seed <n>", "seed of the halves", whole, 1)
  .option("--out <file>", "write JSON")
  .action(fusion);

program
  .command("tune")
  .description("what tuneFusion recommends for each set, by cross-validation")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--metric <name>", "what is tuned", "ndcg@10")
  .option("--folds <n>", "folds", integer, 5)
  .option("--seed <n>", "seed of the folds", whole, 1)
  .option("--out <file>", "write JSON")
  .action(tune);

program
  .command("agent")
  .description("answers by number of hops: gold answers in quotes, evidence, verbatim quotes, the agent's own CPU time")
  .requiredOption("--data <dirs>", "BEIR folders with answers, comma-separated", list)
  .option("--questions <n>", "questions drawn; yes/no answers are left out", integer, 200)
  .option("--seed <n>", "seed of the draw", whole, 7)
  .option("--part <part>", "drawn, or rest: those that were not drawn, to work on", "drawn")
  .option(
    "--policy <name>",
    "extractive, or oracle: chat models played by one that knows the decompositions",
    "extractive",
  )
  .option("--hops <list>", "limits of rounds of retrieval, comma-separated", integers, [1, 4])
  .option("--retriever <name>", "what looks: hybrid, linked, …", "linked")
  .option("--keep", "with a checkpointer that keeps every step in memory")
  .option("--unanswerable <file>", "questions without an answer in the corpus, a file in each folder")
  .option("--without-gold", "abstention alone, over an index without the gold passages of half of the questions")
  .option("--records <file>", "write every answer's confidence, with what it was computed from")
  .option("--out <file>", "write JSON")
  .action(agent);

program
  .command("attack")
  .description("the attack set against both policies, and what the defences cost on clean questions")
  .option("--data <dir>", "BEIR folder with answers; without it, ../shared/datasets/hotpotqa or the set's own corpus")
  .option("--questions <n>", "clean questions drawn; yes/no answers are left out", integer, 200)
  .option("--seed <n>", "seed of the draw", integer, 7)
  .option("--out <file>", "write JSON")
  .action(attack);

program
  .command("escalation")
  .description(
    "answers without a model, then a scripted writer: the error rate among answered questions on held-out halves",
  )
  .requiredOption("--data <dirs>", "BEIR folders with answers, comma-separated", list)
  .option("--questions <n>", "questions drawn; yes/no answers are left out", integer)
  .option("--retriever <name>", "what looks: hybrid, linked, …", "hybrid")
  .option(
    "--max-errors <list>",
    "highest error rates, comma-separated",
    (value) => list(value).map(Number),
    [0.1, 0.2, 0.3],
  )
  .option("--confidence <number>", "chance that they hold", Number, 0.9)
  .option("--splits <n>", "random halves", integer, 200)
  .option("--skill <number>", "share of questions that the scripted writer gets right where it can", Number, 0.85)
  .option("--seed <n>", "seed of draw and splits", integer, 7)
  .option("--out <file>", "write JSON")
  .action(escalation);

program
  .command("pages")
  .description("citations of gold pages over PDFs")
  .requiredOption("--data <dir>", "folder with pdfs/ and queries.jsonl")
  .option("--out <file>", "write JSON")
  .action(pages);

program
  .command("researcher")
  .description(
    "reports on the first filing of a folder: verbatim citations, one numbering, shares of the budget, aborts",
  )
  .requiredOption("--data <dir>", "folder with pdfs/ and queries.jsonl")
  .option("--cancels <n>", "points of each kind at which research is aborted", integer, 20)
  .option("--out <file>", "write JSON")
  .action(researcher);

program
  .command("research-digest")
  .description("digests of quotes of each question over its filing: how many hold what the answer rests on")
  .requiredOption("--data <dir>", "folder with pdfs/ and queries.jsonl")
  .option("--filings <n>", "most filings, the first by name", integer, 10)
  .option("--print", "print every report")
  .option("--out <file>", "write JSON")
  .action(researchDigest);

program
  .command("reference")
  .description("the lexical leg against the BM25 formula")
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--out <file>", "write JSON")
  .action(reference);

program
  .command("expansion")
  .description(
    "what expanded, diverse and routes by kind of question gain or cost, on the second half of the questions",
  )
  .requiredOption("--data <dirs>", "BEIR folders, comma-separated", list)
  .option("--seed <n>", "seed of the halves", integer, 7)
  .option("--out <file>", "write JSON")
  .action(expansion);

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
  .command("scan")
  .description("the dense scan against one pass over the same bytes, and the dense leg end to end")
  .option("--rows <n>", "passages", integer, 100_000)
  .option("--dimensions <n>", "dimensions of a vector", integer, 384)
  .option("--rounds <n>", "interleaved rounds", integer, 60)
  .option("--out <file>", "write JSON")
  .action(denseScan);

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
