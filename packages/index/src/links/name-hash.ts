const offset = 0x811c9dc5;
const prime = 0x01000193;

/** The bit of a word's hash that is always 0, free for a mark. */
export const freeBit = 1;

/** A signed 32-bit hash of a folded word (FNV-1a over its UTF-16 code units, mixed), its last bit 0. */
export function wordHash(word: string): number {
  let hash = offset;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), prime);
  return mixed(hash) & ~freeBit;
}

/** Hash of a name one word longer; a name of no words is 0. The names of a text's words are hashed word by word. */
export const longerName = (name: number, word: number): number => mixed(Math.imul(name, 31) + word);

/** Hash of a key: folded words with one space between them, as `titleKeys` and `capitalisedRuns` make them. */
export const nameHash = (key: string): number =>
  key.split(" ").reduce((name, word) => longerName(name, wordHash(word)), 0);

function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
