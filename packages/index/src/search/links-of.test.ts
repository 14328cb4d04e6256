import { scope } from "@clew/core";
import { paragraphSplitter, sourceInputs } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";

const acme = scope("acme");

async function filled(sources: Parameters<typeof sourceInputs>[0]) {
  const index = memoryIndex({ splitter: paragraphSplitter() });
  await index.sync(acme, sourceInputs(sources));
  const edges = (query: string) =>
    index.in(acme).read(async (snapshot) => {
      const { hits } = await snapshot.lexical({ text: query }, { k: 1 });
      const found = await snapshot.links(hits.map(({ passage }) => passage.id));
      const ends = await Promise.all(found.map(({ from, to }) => snapshot.passages([from, to])));
      return found
        .map(({ words }, at) => `${ends[at]!.map((passage) => passage!.source).join(" → ")}: ${words}`)
        .sort();
    });
  return { index, edges };
}

describe("links", () => {
  it("go from a passage to the titles it mentions, and come from those that mention its own", async () => {
    const { edges } = await filled([
      { title: "Theseus (hero)", text: "He slew the Minotaur in Crete." },
      { title: "Minotaur", text: "A monster, half bull." },
      { title: "Ariadne", text: "She loved Theseus and knew the Minotaur well. Theseus left." },
    ]);
    expect(await edges("slew")).toEqual(["s1 → s2: Minotaur", "s3 → s1: Theseus"]);
    expect(await edges("monster")).toEqual(["s1 → s2: Minotaur", "s3 → s2: Minotaur"]);
  });

  it("take the longest title, and none in lower case or inside of a word", async () => {
    const { edges } = await filled([
      { title: "Leiden University", text: "Founded by William." },
      { title: "Leiden", text: "A city on the Rhine." },
      { title: "Report", text: "At Leiden University people are not leideners." },
    ]);
    expect(await edges("founded")).toEqual(["s3 → s1: Leiden University"]);
    expect(await edges("Rhine")).toEqual([]);
  });

  it("make no edges for a title that more than 100 passages mention, nor for one on more than 10", async () => {
    const many = Array.from({ length: 101 }, (_, at) => `Knossos again ${at}`).join("\n\n");
    const { edges } = await filled([
      { title: "Knossos", text: "A palace." },
      { title: "Diary", text: many },
      { title: "Daedalus", text: Array.from({ length: 11 }, (_, at) => `wing ${at}`).join("\n\n") },
      { title: "Note", text: "About Daedalus." },
    ]);
    expect(await edges("palace")).toEqual([]);
    expect(await edges("about")).toEqual([]);
  });
});
