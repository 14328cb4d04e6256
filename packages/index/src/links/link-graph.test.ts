import { type Edge, type Index, type PassageId, scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, referenceIndex, sourceInputs } from "@clew/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";

const acme = scope("acme");

async function filled(sources: Parameters<typeof sourceInputs>[0]) {
  const index = memoryIndex({ splitter: paragraphSplitter() });
  await index.sync(acme, sourceInputs(sources));
  const edges = (query: string, kind: Edge["kind"] = "title") =>
    index.in(acme).read(async (snapshot) => {
      const { hits } = await snapshot.lexical({ text: query }, { k: 1 });
      const found = (await snapshot.links(hits.map(({ passage }) => passage.id))).filter((edge) => edge.kind === kind);
      const ends = await Promise.all(found.map(({ from, to }) => snapshot.passages([from, to])));
      const made = await snapshot.linkWords(found);
      return found.map((_, at) => `${ends[at]!.map((passage) => passage!.source).join(" → ")}: ${made[at]}`).sort();
    });
  return { index, edges };
}

/** Every edge of an index, as plain data. */
async function everyEdge(index: Index): Promise<object[]> {
  return index.in(acme).read(async (snapshot) => {
    const ids = new Set<PassageId>();
    for (const query of everyWord) {
      const { hits } = await snapshot.lexical({ text: query }, { k: 1000 });
      for (const { passage } of hits) ids.add(passage.id);
    }
    const edges = await snapshot.links([...ids].sort());
    const made = await snapshot.linkWords(edges);
    return edges.map((edge, at) => ({ ...edge, words: made[at] }));
  });
}

const names = [
  "Leiden University",
  "Leiden",
  "Herman Boerhaave",
  "The Hague",
  "Crete",
  "Minos of Crete",
  "10,000 metres",
];
const plain = ["was", "founded", "in", "and", "late", "the", "Late"];
const everyWord = [...names, ...plain, "at"];
const aText = fc
  .array(fc.constantFrom(...names, ...plain, ".", "at Leiden"), { minLength: 1, maxLength: 14 })
  .map((words) => `${words.join(" ")} at`);
const aSource = fc.record({
  title: fc.constantFrom(...names, "Minos (king)", ""),
  text: fc.array(aText, { minLength: 1, maxLength: 3 }).map((paragraphs) => paragraphs.join("\n\n")),
});

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
      ...Array.from({ length: 11 }, (_, at) => ({ title: "Daedalus", text: `wing ${at}` })),
      { title: "Note", text: "About Daedalus." },
    ]);
    expect(await edges("palace")).toEqual([]);
    expect(await edges("about")).toEqual([]);
  });

  it("lead to the first passage of a source that has more than 10, and to the first of a section by its heading", async () => {
    const text = "# Wings\n\nOf wax.\n\nOf feathers.";
    const headings = [{ level: 1, text: "Wings of Daedalus", span: [0, 7] as const }];
    const { edges } = await filled([
      { title: "Daedalus", text: Array.from({ length: 11 }, (_, at) => `part ${at}`).join("\n\n") },
      { title: "Book", text, headings },
      { title: "Note", text: "About Daedalus." },
      { title: "Other", text: "Read the chapter, Wings of Daedalus." },
    ]);
    expect(await edges("about")).toEqual(["s3 → s1: Daedalus"]);
    expect(await edges("chapter")).toEqual(["s4 → s2: Wings of Daedalus"]);
    expect(await edges("wax")).toEqual(["s4 → s2: Wings of Daedalus"]);
    expect(await edges("feathers")).toEqual([]);
  });

  it("join passages that share a rare name, weighed by how rare", async () => {
    const { index, edges } = await filled([
      { title: "One", text: "A letter by Ada Byron. She saw Nottingham." },
      { title: "Two", text: "The engine that Ada Byron described." },
      { title: "Three", text: "A forest near Nottingham." },
      { title: "Four", text: "Lace is made in Nottingham." },
    ]);
    expect(await edges("engine", "entity")).toEqual(["s1 → s2: Ada Byron"]);
    expect(await edges("lace", "entity")).toHaveLength(2);
    await index.in(acme).read(async (snapshot) => {
      const { hits } = await snapshot.lexical({ text: "letter" }, { k: 1 });
      const found = await snapshot.links([hits[0]!.passage.id]);
      expect(found.map(({ weight }) => weight).sort()).toEqual([0.5, 0.5, 1]);
    });
  });

  it("are found for titles that come later, and go with the source that bore them", async () => {
    const { index, edges } = await filled([
      { title: "Theseus", text: "He slew the Minotaur." },
      { title: "Bull", text: "An animal." },
    ]);
    expect(await edges("slew")).toEqual([]);
    await index.sync(acme, sourceInputs([{ id: "later", title: "Minotaur", text: "A monster." }]));
    expect(await edges("slew")).toEqual(["s1 → later: Minotaur"]);
    await index.remove(acme, ["later"]);
    expect(await edges("slew")).toEqual([]);
  });

  it("hold to a filter at both ends", async () => {
    const { index } = await filled([
      { title: "Theseus", text: "He slew the Minotaur.", metadata: { year: 1 } },
      { title: "Minotaur", text: "A monster.", metadata: { year: 2 } },
    ]);
    await index.in(acme).read(async (snapshot) => {
      const { hits } = await snapshot.lexical({ text: "slew monster" }, { k: 2 });
      const ids = hits.map(({ passage }) => passage.id);
      expect((await snapshot.links(ids)).map(({ kind }) => kind)).toEqual(["title", "entity"]);
      expect(await snapshot.links(ids, { filter: { year: 1 } })).toEqual([]);
      expect(await snapshot.titlesIn("the Minotaur", { filter: { year: 1 } })).toEqual([]);
      expect(await snapshot.titlesIn("the Minotaur", { filter: { year: 2 } })).toHaveLength(1);
    });
  });

  it("equal those worked out from the texts alone, whatever the order in which sources came and went", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aSource, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 7 }), { maxLength: 5 }),
        async (sources, moves) => {
          const splitter = paragraphSplitter();
          const index = memoryIndex({ splitter });
          const reference = referenceIndex({ embedder: hashEmbedder(), splitter });
          const named = sources.map((source, at) => ({ ...source, id: `s${at}` }));
          // a few come late, one by one, with a look in between; some go and come again
          const late = new Set(moves.map((move) => move % named.length));
          await index.sync(acme, sourceInputs(named.filter((_, at) => !late.has(at))));
          for (const at of late) {
            await everyEdge(index);
            await index.sync(acme, sourceInputs([named[at]!]));
          }
          for (const move of moves.slice(0, 2)) {
            const at = move % named.length;
            await index.remove(acme, [`s${at}`]);
            await everyEdge(index);
            await index.sync(acme, sourceInputs([named[at]!]));
          }
          await reference.sync(acme, sourceInputs(named));
          expect(await everyEdge(index)).toEqual(await everyEdge(reference));
        },
      ),
      { numRuns: 40 },
    );
  });
});
