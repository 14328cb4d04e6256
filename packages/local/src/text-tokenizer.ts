import { Tokenizer } from "@huggingface/tokenizers";

/** Token ids ready for a model. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** Segment of each id: 0, or 1 in the second text of a pair. */
  readonly types: readonly number[];
  /** True when tokens of the text were left out. */
  readonly cut: boolean;
}

/** A model's own tokenizer, cutting where the model must. */
export interface TextTokenizer {
  /** Tokens of a text, without special tokens. */
  count(text: string): number;
  /** One text with its special tokens, at most `maxTokens` in all; the end is cut, the closing token kept. */
  encode(text: string, maxTokens: number): EncodedText;
  /** Two texts with their special tokens, at most `maxTokens` in all; the longer one is cut, token by token. */
  encodePair(first: string, second: string, maxTokens: number): EncodedText;
}

/** Characters that a token holds at most on average; one more round follows where a text holds fewer tokens. */
const charactersPerToken = 16;

/**
 * Makes a {@link TextTokenizer} from the contents of `tokenizer.json` and `tokenizer_config.json`.
 * Where special tokens stand is found out by encoding a probe, so any template works.
 *
 * @throws Error when the files describe no tokenizer
 */
export function textTokenizer(tokenizerJson: object, tokenizerConfig: object): TextTokenizer {
  const tokenizer = new Tokenizer(tokenizerJson, tokenizerConfig);
  const plain = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
  const first = plain("a");
  const second = plain("b");
  const single = tokenizer.encode("a", { return_token_type_ids: true });
  const pair = tokenizer.encode("a", { text_pair: "b", return_token_type_ids: true });

  const singleAt = find(single.ids, first, 0);
  const before = single.ids.slice(0, singleAt);
  const after = single.ids.slice(singleAt + first.length);
  const firstAt = find(pair.ids, first, 0);
  const secondAt = find(pair.ids, second, firstAt + first.length);
  const opening = pair.ids.slice(0, firstAt);
  const between = pair.ids.slice(firstAt + first.length, secondAt);
  const closing = pair.ids.slice(secondAt + second.length);
  const betweenTypes = pair.token_type_ids.slice(firstAt + first.length, secondAt);
  const secondType = pair.token_type_ids[secondAt] ?? 0;

  /** The first `limit` tokens, and whether there are more, without tokenizing a megabyte for them. */
  const head = (text: string, limit: number): { ids: number[]; cut: boolean } => {
    const whole = wellFormed(text);
    for (let length = Math.max(64, charactersPerToken * limit); ; length *= 4) {
      const end = length >= whole.length ? whole.length : cutAt(whole, length);
      const ids = plain(whole.slice(0, end));
      if (ids.length > limit) return { ids: ids.slice(0, limit), cut: true };
      if (end === whole.length) return { ids, cut: false };
    }
  };

  return {
    count: (text) => plain(wellFormed(text)).length,
    encode: (text, maxTokens) => {
      const { ids, cut } = head(text, Math.max(0, maxTokens - before.length - after.length));
      const all = [...before, ...ids, ...after];
      return { ids: all, types: all.map(() => 0), cut };
    },
    encodePair: (one, other, maxTokens) => {
      const room = Math.max(0, maxTokens - opening.length - between.length - closing.length);
      const a = head(one, room);
      const b = head(other, room);
      const [keepA, keepB] = longestFirst(a.ids.length, b.ids.length, room);
      const head0 = [...opening, ...a.ids.slice(0, keepA)];
      const tail = [...b.ids.slice(0, keepB), ...closing];
      return {
        ids: [...head0, ...between, ...tail],
        types: [...head0.map(() => 0), ...betweenTypes, ...tail.map(() => secondType)],
        cut: a.cut || b.cut || keepA < a.ids.length || keepB < b.ids.length,
      };
    },
  };
}

/** How much of two texts fits when tokens are taken one by one from the longer (from the second when equal). */
export function longestFirst(first: number, second: number, room: number): readonly [first: number, second: number] {
  if (first + second <= room) return [first, second];
  const half = Math.ceil(room / 2);
  if (first <= half) return [first, Math.max(0, room - first)];
  if (second <= room - half) return [Math.max(0, room - second), second];
  return [half, room - half];
}

function find(ids: readonly number[], part: readonly number[], from: number): number {
  for (let at = from; at + part.length <= ids.length; at += 1) {
    if (part.every((id, offset) => ids[at + offset] === id)) return at;
  }
  throw new Error("The tokenizer encodes a text differently alone and between special tokens.");
}

/** Replaces lone surrogates by U+FFFD, as UTF-8 encoders do. */
const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, "\ufffd");

/** The next white space at or after `length`, so that no word is cut; a run four times as long is cut hard. */
function cutAt(text: string, length: number): number {
  const limit = Math.min(text.length, length * 4);
  for (let at = length; at < limit; at += 1) if (/\s/u.test(text[at]!)) return at;
  return limit < text.length && /[\uDC00-\uDFFF]/.test(text[limit]!) ? limit + 1 : limit;
}
