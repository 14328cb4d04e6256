import { type Embedder, noUsage, type Passage, passageId, type ReadableSource, type Splitter } from "@clew/core";

/** Passages that cost next to nothing to make, with vectors spread like those of a real embedder. */
export interface SeededCorpus {
  readonly embedder: Embedder;
  readonly splitter: Splitter;
  sources(): Iterable<ReadableSource>;
  vectorOf(text: string): Float32Array;
}

const passagesPerSource = 100;

/** A corpus of so many passages, one a line, whose unit vectors share a common part. */
export function seededCorpus(passages: number, dimensions: number): SeededCorpus {
  const vectorOf = (text: string): Float32Array => {
    let state = 0x811c9dc5;
    for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
    const vector = new Float32Array(dimensions);
    let squares = 0;
    for (let i = 0; i < dimensions; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      vector[i] = state / 2 ** 31 + (i % 7 === 0 ? 0.4 : 0);
      squares += vector[i]! ** 2;
    }
    return vector.map((value) => value / Math.sqrt(squares));
  };
  const embed = async (texts: readonly string[]) => ({ vectors: texts.map(vectorOf), usage: noUsage, notes: [] });
  return {
    vectorOf,
    embedder: {
      fingerprint: {
        id: "seeded",
        dimensions,
        pooling: "mean",
        normalised: true,
        queryPrefix: "",
        documentPrefix: "",
        maxTokens: 512,
      },
      tokenCounter: async () => (text) => text.length,
      embedDocuments: embed,
      embedQuery: (text) => embed([text]),
      close: async () => {},
    },
    splitter: { fingerprint: "lines@1", split: lines },
    *sources() {
      for (let from = 0; from < passages; from += passagesPerSource) {
        const id = `source-${from}`;
        const count = Math.min(passagesPerSource, passages - from);
        const text = Array.from({ length: count }, (_, line) => `passage ${from + line}`).join("\n");
        const source = { id, title: "", mediaType: "text/plain", version: "1", metadata: {} };
        yield { id, version: "1", read: async () => ({ text: { source, text, pages: [], headings: [] }, notes: [] }) };
      }
    },
  };
}

const lines: Splitter["split"] = ({ source, text }) => {
  let start = 0;
  return text.split("\n").map((line, ordinal): Passage => {
    const span = [start, start + line.length] as const;
    start += line.length + 1;
    return {
      id: passageId(`${source.id}/${ordinal}`),
      source: source.id,
      ordinal,
      span,
      text: line,
      title: source.title,
      headings: [],
      line: ordinal + 1,
      metadata: source.metadata,
    };
  });
};
