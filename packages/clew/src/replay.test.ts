import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Answer, createRetrievalAgent, files, linked, miniLM, openIndex, replay, scope } from "./index.js";

const sample = fileURLToPath(new URL("../../../examples/ask/sample/", import.meta.url));
const answers: Answer[] = [];
let folder = "";

// the corpus, its index and its embedder are gone when the replays begin
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clew-replay-"));
  const embedder = miniLM();
  const index = await openIndex(folder, { embedder });
  const me = scope("me");
  const questions: readonly { readonly question: string; readonly sources: readonly string[] }[] = JSON.parse(
    await readFile(join(sample, "questions.json"), "utf8"),
  );
  const asked = questions.slice(0, 6);
  // the articles of the questions, and an eighth of the others
  const others = (await readdir(join(sample, "wikipedia"))).sort().filter((_, at) => at % 8 === 0);
  const names = new Set([...asked.flatMap(({ sources }) => sources), ...others.map((name) => `wikipedia/${name}`)]);
  await index.sync(
    me,
    files(
      [...names].map((name) => join(sample, name)),
      { base: sample },
    ),
  );
  const agent = createRetrievalAgent({ retriever: linked(index.in(me)) });
  for (const { question } of asked) answers.push(await agent.ask(question));
  await index.close();
  await embedder.close();
  await rm(folder, { recursive: true, force: true });
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

it("answers over the sample corpus come back byte for byte, without index and embedder", async () => {
  expect(answers.filter(({ status }) => status === "answered").length).toBeGreaterThan(2);
  expect(answers.some(({ hops }) => hops.length > 1)).toBe(true);
  for (const answer of answers) {
    const trace = JSON.parse(JSON.stringify(answer.trace)) as Answer["trace"];
    expect(JSON.stringify(await replay(trace))).toBe(JSON.stringify(answer));
  }
});
