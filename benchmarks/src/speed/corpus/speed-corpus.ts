import { createReadStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A passage to search; ids, titles with texts, and texts alone differ from one to the next. */
export interface SpeedPassage {
  readonly id: string;
  /** Never empty. */
  readonly title: string;
  readonly text: string;
}

/** A question; texts differ. */
export interface SpeedQuery {
  readonly text: string;
  /** L2-normalised. */
  readonly vector: Float32Array;
}

/** Texts without vectors. */
export interface SpeedTexts {
  readonly passages: readonly SpeedPassage[];
  readonly queries: readonly string[];
}

/** Vectors, one after the other. */
export interface SpeedVectors {
  readonly dimensions: number;
  readonly passages: Float32Array;
  readonly queries: Float32Array;
}

/** A passage as systems take it in. */
export interface WholePassage extends SpeedPassage {
  /** Title and text as one, for systems without fields: the text that clew embeds (`embeddingText`). */
  readonly whole: string;
}

/** Passages with their vectors, as a system takes them in. */
export interface SpeedCorpus {
  readonly passages: readonly WholePassage[];
  readonly dimensions: number;
  /** The vector of a passage, by its number; a view, to be copied. Only while the system is built. */
  vectorOf(row: number): Float32Array;
}

const wholeText = ({ title, text }: SpeedPassage): string => `${title}. ${text}`;

/** The n-th vector of many; a view, not a copy. */
export const vectorAt = (vectors: Float32Array, dimensions: number, index: number): Float32Array =>
  vectors.subarray(index * dimensions, (index + 1) * dimensions);

const files = (folder: string) => ({
  passages: join(folder, "passages.jsonl"),
  queries: join(folder, "queries.json"),
  passageVectors: join(folder, "passages.f32"),
  queryVectors: join(folder, "queries.f32"),
});

/** Writes what every child process reads. */
export async function writeCorpus(folder: string, texts: SpeedTexts, vectors: SpeedVectors): Promise<void> {
  const { passages, queries, passageVectors, queryVectors } = files(folder);
  await mkdir(folder, { recursive: true });
  await writeFile(
    passages,
    (function* () {
      for (const passage of texts.passages) {
        yield `${JSON.stringify({ ...passage, whole: wholeText(passage) } satisfies WholePassage)}\n`;
      }
    })(),
  );
  await writeFile(queries, JSON.stringify({ dimensions: vectors.dimensions, texts: texts.queries }));
  await writeFile(passageVectors, bytesOf(vectors.passages));
  await writeFile(queryVectors, bytesOf(vectors.queries));
}

/** The passages of a corpus that was written. */
export async function readPassages(folder: string): Promise<WholePassage[]> {
  const passages: WholePassage[] = [];
  for await (const line of createInterface({ input: createReadStream(files(folder).passages) })) {
    passages.push(JSON.parse(line) as WholePassage);
  }
  return passages;
}

/** The vectors of the passages of a corpus that was written. */
export const readVectors = async (folder: string): Promise<Float32Array> =>
  floatsOf(await readFile(files(folder).passageVectors));

/** The questions of a corpus that was written. */
export async function readQueries(folder: string): Promise<{ dimensions: number; queries: SpeedQuery[] }> {
  const { queries, queryVectors } = files(folder);
  const { dimensions, texts } = JSON.parse(await readFile(queries, "utf8")) as { dimensions: number; texts: string[] };
  const vectors = floatsOf(await readFile(queryVectors));
  return {
    dimensions,
    // copies: whoever keeps one must not keep all
    queries: texts.map((text, index) => ({ text, vector: vectorAt(vectors, dimensions, index).slice() })),
  };
}

const bytesOf = (floats: Float32Array): Uint8Array =>
  new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);

const floatsOf = (bytes: Buffer): Float32Array =>
  new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
