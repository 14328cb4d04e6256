import { type Index, scope } from "@clew/core";
import { hashEmbedder, paragraphSplitter, seededRandom, sourceInput } from "@clew/core/testing";
import { describe, expect, it } from "vitest";
import { memoryIndex } from "../memory-index.js";

const acme = scope("acme");
const options = () => ({ embedder: hashEmbedder(), splitter: paragraphSplitter() });

const answers = (index: Index) =>
  index.in(acme).read(async (snapshot) => {
    const everything = await snapshot.dense({ text: "alpha beta" }, { k: 1000 });
    const lexical = await snapshot.lexical({ text: "alpha beta w1 w2 w3" }, { k: 1000 });
    return { dense: everything.hits, lexical: lexical.hits, size: snapshot.size };
  });

describe("refreshState", () => {
  it("an index read after every change answers as one that was read once (600 random changes)", async () => {
    const random = seededRandom(11);
    const often = memoryIndex(options());
    const texts = new Map<string, string>();
    const text = (): string =>
      Array.from({ length: Math.floor(random() * 4) }, () =>
        `alpha w${Math.floor(random() * 9)} ${random() < 0.5 ? "beta" : ""}`.trim(),
      ).join("\n\n");
    for (let round = 0; round < 600; round++) {
      const id = `s${Math.floor(random() ** 2 * 60)}`;
      if (random() < 0.2) {
        await often.remove(acme, [id]);
        texts.delete(id);
      } else if (random() < 0.1 && texts.has(id)) await often.setMetadata(acme, id, { metadata: { round } });
      else {
        texts.set(id, text());
        await often.sync(acme, [sourceInput({ id, text: texts.get(id)!, version: String(round) })]);
      }
      await often.in(acme).read((snapshot) => snapshot.lexical({ text: "alpha" }, { k: 1 }));
    }
    const once = memoryIndex(options());
    await once.sync(
      acme,
      [...texts].map(([id, body]) => sourceInput({ id, text: body })),
    );
    const plain = ({ dense, lexical, size }: Awaited<ReturnType<typeof answers>>) => ({
      dense: dense.map(({ passage, score }) => [passage.id, passage.text, score]),
      lexical: lexical.map(({ passage, score, explain }) => [passage.id, score, explain]),
      size,
    });
    expect(plain(await answers(often))).toEqual(plain(await answers(once)));
  });
});
