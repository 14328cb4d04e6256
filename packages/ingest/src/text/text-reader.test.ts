import { expect, it } from "vitest";
import { readerInput } from "../test-support/reader-input.js";
import { textReader } from "./text-reader.js";

it("keeps a text as it stands, titled by its file", async () => {
  const { text, notes } = await textReader().read(
    readerInput("minutes.2024.txt", "one\r\n\r\n  two\n", { uri: "file:///m.txt" }),
  );
  expect(text).toMatchObject({
    text: "one\n\n  two\n",
    source: { title: "minutes.2024", uri: "file:///m.txt", version: "v1" },
  });
  expect(notes).toEqual([]);
});

it("reads a single line of many megabytes while other work runs", async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const bytes = new TextEncoder().encode("word ".repeat(6_000_000)); // 30 MB
  const { text } = await textReader().read(readerInput("line.txt", bytes));
  clearInterval(timer);
  expect(text.text.length).toBe(30_000_000);
  expect(turns).toBeGreaterThan(5);
});
