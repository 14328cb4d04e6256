/** Longest input of well-known hosted models, in tokens, as their makers state it. */
const limits: Readonly<Record<string, number>> = {
  "text-embedding-3-small": 8191,
  "text-embedding-3-large": 8191,
  "text-embedding-ada-002": 8191,
  "embed-english-v3.0": 512,
  "embed-english-light-v3.0": 512,
  "embed-multilingual-v3.0": 512,
  "embed-multilingual-light-v3.0": 512,
  "embed-v4.0": 128_000,
  "mistral-embed": 8192,
};

/** Longest input of a model in tokens; undefined for a model that is not in the table. */
export const knownMaxTokens = (model: string): number | undefined =>
  Object.hasOwn(limits, model) ? limits[model] : undefined;
