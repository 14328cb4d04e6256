import { ClewError, checkFilter, type Filter, invalidOption, positiveInteger } from "@clew/core";
import { Command } from "commander";
import { type AskOptions, ask } from "./commands/ask.js";
import { type DoctorOptions, doctor } from "./commands/doctor.js";
import { type EraseOptions, erase } from "./commands/erase.js";
import { type IndexOptions, indexCommand } from "./commands/index-command.js";
import { type McpCommandOptions, mcpCommand } from "./commands/mcp.js";
import { type ProbeCommandOptions, probe } from "./commands/probe.js";
import { type RemoveOptions, remove } from "./commands/remove.js";
import { type ReplayCommandOptions, replay } from "./commands/replay.js";
import { type SearchCommandOptions, search } from "./commands/search.js";
import { type SourcesOptions, sources } from "./commands/sources.js";
import { type VerifyOptions, verify } from "./commands/verify.js";
import { packageVersion } from "./package-version.js";
import { retrieverNames } from "./retriever-for.js";
import type { Terminal } from "./terminal.js";

type Run<Options> = (words: readonly string[], options: Options, terminal: Terminal) => Promise<number>;

/** The `clew` command: its sub-commands, options and help. */
export function program(terminal: Terminal, done: (code: number) => void): Command {
  const root = new Command("clew")
    .description("Answers from your own documents, every sentence cited.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
    })
    .showHelpAfterError("(clew --help shows how it is used)");
  const add = <Options>(usage: string, description: string, run: Run<Options>): Command =>
    root
      .command(usage)
      .description(description)
      .option("--index <dir>", "directory of the index (default: .clew beside the documents)")
      .option("--embedder <name>", "minilm, none, local:ID or openai:NAME", "minilm")
      .action(async (words: string[], options: Options) => done(await run(words, options, terminal)));

  add<AskOptions>("ask [words...]", 'index what is new and answer: clew ask ./docs "question"', ask)
    .option(
      "--model <provider:name>",
      "write the answer with a chat model, such as openai:gpt-4.1-mini or vllm:http://gpu:8000/v1#my-lora",
    )
    .option("--filter <json>", 'only sources whose metadata matches, such as {"year":{"$gte":2023}}', filterOption)
    .option("--k <n>", "passages a search brings", integer("--k"))
    .option("--hops <n>", "rounds of retrieval at most", integer("--hops"))
    .option("--tokens <n>", "tokens of models at most; the answer is partial when they end", integer("--tokens"))
    .option("--proof <file>", "write a page (.html, or .json) with which anybody can check the quotes, offline")
    .option("--record <dir>", "keep the record of the run there, for clew verify")
    .option("--json", "print JSON for machines");
  add<IndexOptions>("index <paths...>", "take documents into the index without asking anything", indexCommand)
    .option("--dry-run", "read and count, embed and write nothing")
    .option("--price <usd>", "price of a million tokens, for the estimate of --dry-run", price)
    .option("--json", "print JSON for machines");
  add<SearchCommandOptions>("search [words...]", 'show passages: clew search ./docs "query"', search)
    .option("--retriever <name>", retrieverNames.join(", "))
    .option("--filter <json>", "only sources whose metadata matches", filterOption)
    .option("--k <n>", "passages shown", integer("--k"))
    .option("--explain", "say why each hit stands where it stands, per leg")
    .option("--json", "print JSON for machines");
  add<SourcesOptions>("sources [paths...]", "list what the index holds", sources)
    .option("--filter <json>", "only sources whose metadata matches", filterOption)
    .option("--json", "print JSON for machines");
  add<RemoveOptions>("remove <ids...>", "take sources out of the index; the files stay", remove);
  add<EraseOptions>(
    "erase <ids...>",
    "make the index and the record forget sources: no byte stays in their files",
    erase,
  )
    .option("--record <dir>", "the record of answers, which is to forget too; the receipt is kept there")
    .option("--contexts <file>", "a file of contexts that a model wrote, which is to forget too")
    .option("--json", "print the receipts as JSON");
  add<DoctorOptions>(
    "doctor [paths...]",
    "check what is installed, which models load, and whether the index is whole",
    doctor,
  ).option("--json", "print JSON for machines");
  add<McpCommandOptions>(
    "mcp [paths...]",
    "serve search, ask and fetch_passage to an MCP client over stdio",
    mcpCommand,
  )
    .option("--retriever <name>", `what search uses: ${retrieverNames.join(", ")}`)
    .option("--model <provider:name>", "write answers of ask with a chat model; without one they are quotes")
    .option("--tenant <name>", "whose passages it serves; nothing that a client sends changes it")
    .option("--principal <names...>", "who asks: passages with an access list are seen by those on it")
    .option("--filter <json>", "only sources whose metadata matches, whatever a client asks", filterOption)
    .option("--about <text>", "what the documents are about, in words by which a model decides whether to look")
    .option("--k <n>", "passages of a search that names no number", integer("--k"))
    .option("--hops <n>", "rounds of retrieval at most, each ask", integer("--hops"))
    .option("--tokens <n>", "tokens of models at most, each ask", integer("--tokens"));
  root
    .command("probe <endpoint>")
    .description("find out what a served model can do: clew probe vllm:http://gpu:8000/v1#my-lora")
    .option("--json", "print JSON for machines")
    .action(async (spec: string, options: ProbeCommandOptions) => done(await probe(spec, options, terminal)));
  root
    .command("verify <path>")
    .description("check the record of a run, or all in a folder: exit code 1 where one was altered")
    .option("--root <hash>", "the root that was kept elsewhere: finds a record that was made anew")
    .option("--json", "print JSON for machines")
    .action(async (path: string, options: VerifyOptions) => done(await verify(path, options, terminal)));
  root
    .command("replay <file>")
    .description("print the answer of a recorded run again, made from its record alone: no model, no index")
    .option("--json", "print JSON for machines")
    .action(async (path: string, options: ReplayCommandOptions) => done(await replay(path, options, terminal)));
  return root;
}

const integer =
  (name: string) =>
  (value: string): number => {
    if (!/^\d+$/.test(value)) throw invalidOption(name, "a whole number of 1 or more", value);
    return positiveInteger(name, Number(value));
  };

function price(value: string): number {
  const usd = Number(value);
  if (!(usd >= 0)) throw new ClewError("invalid-option", "Option --price must be a number of US dollars, 0 or more.");
  return usd;
}

function filterOption(value: string): Filter {
  try {
    return checkFilter(JSON.parse(value));
  } catch (cause) {
    if (ClewError.isInstance(cause)) throw cause;
    throw new ClewError("invalid-filter", `Option --filter must be JSON, but got: ${value}`, { cause });
  }
}
