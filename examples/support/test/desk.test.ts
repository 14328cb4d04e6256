import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openDesk } from "../src/desk.js";

it("keeps what was handed over across a restart, and goes on behind a line that was cut off", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-desk-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "desk.jsonl");
  const handOver = { customer: "ada", thread: "t", question: "Wo ist er – \u00fcberall?", why: [], found: [] };
  const first = await (await openDesk(file)).open(handOver);
  await appendFile(file, '{"id":"half');
  const desk = await openDesk(file);
  expect(desk.list()).toEqual([first]);
  const replied = await desk.reply(first.id, "Here.");
  expect((await openDesk(file)).list()).toEqual([replied]);
  expect((await readFile(file, "utf8")).trimEnd().split("\n")).toHaveLength(2);
});
