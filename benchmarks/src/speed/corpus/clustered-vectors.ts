import { seededRandom } from "./seeded-random.js";
import { type SpeedVectors, vectorAt } from "./speed-corpus.js";

/** Options of {@link clusteredVectors}. */
export interface ClusteredVectorsOptions {
  readonly passages: number;
  readonly queries: number;
  readonly dimensions: number;
  readonly seed: number;
}

/** Passages a topic, and a smaller cluster within it. */
const topicSize = 1000;
const clusterSize = 25;
/** Shares of topic, cluster and the passage's own direction: cosines of about .25 within a topic, .6 within a cluster. */
const shares = { topic: 0.25, cluster: 0.35, own: 0.4 };

/**
 * Random unit vectors in clusters within topics; a question is one more member of a cluster. Speed needs no real
 * embeddings, but how near neighbours are to each other decides what a scan may skip.
 */
export function clusteredVectors(options: ClusteredVectorsOptions): SpeedVectors {
  const { passages, queries, dimensions, seed } = options;
  const random = seededRandom(seed ^ 0x5eed);
  const directions = (count: number): Float32Array => {
    const vectors = new Float32Array(count * dimensions);
    for (let i = 0; i < vectors.length; i++) vectors[i] = random.normal();
    for (let i = 0; i < count; i++) normalise(vectorAt(vectors, dimensions, i));
    return vectors;
  };
  const topics = directions(Math.ceil(passages / topicSize));
  const clusters = directions(Math.ceil(passages / clusterSize));
  const members = (count: number): Float32Array => {
    const vectors = directions(count);
    for (let i = 0; i < count; i++) {
      const cluster = random.integer(clusters.length / dimensions);
      const centre = vectorAt(clusters, dimensions, cluster);
      const topic = vectorAt(topics, dimensions, Math.floor((cluster * clusterSize) / topicSize));
      const vector = vectorAt(vectors, dimensions, i);
      for (let j = 0; j < dimensions; j++) {
        vector[j] =
          Math.sqrt(shares.topic) * topic[j]! +
          Math.sqrt(shares.cluster) * centre[j]! +
          Math.sqrt(shares.own) * vector[j]!;
      }
      normalise(vector);
    }
    return vectors;
  };
  return { dimensions, passages: members(passages), queries: members(queries) };
}

function normalise(vector: Float32Array): void {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
}
