import { scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, seededRandom, sourceInput } from "@clew/core/testing";
import { expect, it } from "vitest";
import { openIndex } from "./open-index.js";
import { bytesIn } from "./testing/bytes-in.js";
import { inspectIndexBuilt } from "./testing/inspect-built.js";
import { temporaryDirectory } from "./testing/temporary-directory.js";

const acme = scope("acme");
const open = (path: string) => openIndex(path, { embedder: hashEmbedder(), splitter: paragraphSplitter() });

const words = ["Quillfeather", "quillfeath", "Zyxthorpe", "zyxthorp", "ambergris"];
const found = (path: string): string[] => {
  const bytes = bytesIn(path);
  return words.filter((word) => bytes.includes(word));
};

const secretText = (random: () => number, paragraphs: number): string =>
  Array.from(
    { length: paragraphs },
    (_, at) => `Quillfeather paid ${at} Zyxthorpe in ambergris. ${"red ".repeat(Math.floor(random() * 900))}`,
  ).join("\n\n");

it("leaves no byte of a source in any file, while the index is open and after", async () => {
  const random = seededRandom(3);
  const path = temporaryDirectory();
  const index = await open(path);
  for (let round = 0; round < 4; round++) {
    const others = Array.from({ length: 20 }, (_, at) =>
      sourceInput({ id: `o${at}`, text: `kept ${at} in round ${round}\n\nmore ${at}` }),
    );
    await index.sync(acme, others);
    await index.sync(acme, [
      sourceInput({ id: "secret", title: "Zyxthorpe", text: secretText(random, 1 + Math.floor(random() * 30)) }),
    ]);
  }
  expect(found(path)).not.toEqual([]);
  const places = await index.erase(acme, { source: "secret", passages: [] });
  expect(places[0]).toMatchObject({ removed: { sources: 1 }, notes: [] });
  expect(places[0]!.detail!.bytesOverwritten).toBeGreaterThan(0);
  expect(found(path)).toEqual([]);
  // pages that are used again bring nothing back
  await index.sync(acme, [
    sourceInput({ id: "o1", text: "another\n\ntext" }),
    sourceInput({ id: "new", text: "and more" }),
  ]);
  expect(found(path)).toEqual([]);
  expect(await inspectIndexBuilt(path)).toMatchObject({ status: "whole" });
  await index.close();
  expect(found(path)).toEqual([]);
});
