import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EraseReceipt } from "@clew/core";
import { expect, it, onTestFinished } from "vitest";
import { receiptFile } from "./receipt-file.js";

const receipt = (id: string): EraseReceipt => ({
  id,
  at: 1,
  tenant: "acme",
  source: "a.md",
  places: [],
  complete: true,
});
const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "clew-receipts-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "deep", "receipts.jsonl");
};

it("adds a line a receipt, in their order, also behind half a line of a crash", async () => {
  const path = await temporary();
  const receipts = receiptFile(path);
  await Promise.all(["1", "2", "3"].map((id) => receipts.append(receipt(id))));
  await appendFile(path, '{"id":"ha');
  await receiptFile(path).append(receipt("4"));
  const lines = (await readFile(path, "utf8")).split("\n");
  expect(lines.map((line) => (line.startsWith('{"id":"ha') || line === "" ? line : JSON.parse(line)))).toEqual([
    receipt("1"),
    receipt("2"),
    receipt("3"),
    '{"id":"ha',
    receipt("4"),
    "",
  ]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it("is a typed error where it cannot be written", async () => {
  const path = await temporary();
  await receiptFile(path).append(receipt("1"));
  await expect(receiptFile(join(path, "below")).append(receipt("2"))).rejects.toMatchObject({ code: "storage-failed" });
});
