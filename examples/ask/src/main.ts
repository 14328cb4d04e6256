// npm start                                   asks a sample question over the sample corpus (npm start -- 7: the seventh)
// npm start -- ask ./my-folder "my question"  asks yours over your own documents
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as clew from "clew";

const interrupt = new AbortController();
const { signal } = interrupt;
process.stdout.once("error", () => process.exit()); // a reader such as head may go before the end
process.once("SIGINT", () => interrupt.abort(new Error("Interrupted. What was indexed so far is kept.")));

async function main([command, ...words]: readonly string[]): Promise<void> {
  const [folder, question] = command === "ask" ? words : await sample(Number(command ?? 5));
  if (folder === undefined || question === undefined)
    throw new Error('Usage: npm start -- ask ./my-folder "my question"');

  const embedder = clew.miniLM(); // runs in this process, weights included
  const { directory, base } = await clew.indexLocation({ paths: [folder] }); // .clew beside the documents
  const index = await clew.openIndex(directory, { embedder });
  const me = clew.scope("me"); // no search without saying whose documents it may see
  try {
    const listing = clew.files([folder], { base, signal });
    const progress = clew.showProgress();
    const report = await index.sync(me, listing, {
      removeMissing: listing.covers,
      onProgress: progress.update,
      signal,
    });
    progress.stop();
    const notes = [...report.notes, ...listing.notes];
    console.log(`${clew.formatSync({ ...report, notes })}\n\nQuestion: ${question}`);

    const agent = clew.createRetrievalAgent({ retriever: clew.linked(index.in(me)) });
    for await (const event of agent.stream(question, { signal })) {
      if (event.type === "query") console.log(clew.formatQuery(event));
      if (event.type === "done") console.log(`\n${clew.formatAnswer(event.answer, { hops: false })}`);
    }
  } finally {
    await index.close();
    await embedder.close();
  }
}

async function sample(number: number): Promise<(string | undefined)[]> {
  const path = fileURLToPath(new URL("../sample/", import.meta.url));
  const questions: { question: string }[] = JSON.parse(await readFile(`${path}questions.json`, "utf8"));
  return [`${path}wikipedia`, questions[number - 1]?.question];
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = signal.aborted ? 130 : 1;
});
