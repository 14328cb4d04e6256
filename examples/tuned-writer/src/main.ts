// npm start                                    asks the sample question over the sample documents
// npm start -- ./my-folder "my question"       asks yours over your own documents
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as clew from "clew";
import { models } from "./models.js";

const interrupt = new AbortController();
const { signal } = interrupt;
process.stdout.once("error", () => process.exit()); // a reader such as head may go before the end
process.once("SIGINT", () => interrupt.abort(new Error("Interrupted.")));

const usage = 'Usage: npm start -- ./my-folder "my question"';
const sample: [string, string] = [fileURLToPath(new URL("../sample", import.meta.url)), "What does a new sole cost?"];

async function main(words: readonly string[]): Promise<void> {
  const { positionals } = parseArgs({ args: [...words], allowPositionals: true });
  const [folder, question, more] = positionals.length === 0 ? sample : positionals;
  if (folder === undefined || question === undefined || more !== undefined) throw new Error(usage);

  console.log(`Question: ${question}\n`);

  const { base, tuned, form, close } = await models();
  const index = await clew.memoryIndex(); // kept in memory: openIndex(directory) keeps it on disk
  try {
    const me = clew.scope("me");
    const { failed } = await index.sync(me, clew.files([folder], { signal }), { signal });
    for (const { source, note } of failed) console.error(`${source}: ${note.message}`);

    // the adapter writes; where it is missing, slow or failing, the base does, and the answer says so
    const writer = clew.routedModels({ base: clew.modelSource(base), adapters: { writer: tuned }, by: "role" });
    const agent = clew.createRetrievalAgent({
      retriever: clew.lexical(index.in(me)),
      models: { writer: { model: writer, form }, default: clew.modelSource(base) },
    });
    const answer = await agent.ask(question, { signal });
    console.log(`${clew.formatAnswer(answer, { hops: false })}\n`);
    for (const { kind, data } of clew.openTrace(answer.trace)) {
      if (kind !== "model") continue;
      const { role, served } = data as { role: string; served: string };
      console.log(`${role}: ${served}`);
    }
  } finally {
    await index.close();
    await close();
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(signal.aborted ? "Interrupted." : error.message);
  process.exitCode = signal.aborted ? 130 : 1;
});
