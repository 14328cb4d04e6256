import { readFileSync } from "node:fs";
import { Tokenizer } from "@huggingface/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestFirst, textTokenizer } from "./text-tokenizer.js";

const json = (file: string): object =>
  JSON.parse(readFileSync(new URL(`../assets/all-MiniLM-L6-v2/${file}`, import.meta.url), "utf8")) as object;
const reference = new Tokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
const tokenizer = textTokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
const idsOf = (text: string): number[] => reference.encode(text, { add_special_tokens: false }).ids;
const [cls, sep] = [101, 102];

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 400 }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc
    .array(fc.constantFrom("the ", "clew", "Ω", "ß", "東京", "e\u0301", "\u200d", "\n", "x".repeat(120), "-", "İ "), {
      maxLength: 300,
    })
    .map((parts) => parts.join("")),
);

describe("textTokenizer", () => {
  it("counts without special tokens", () => {
    expect(tokenizer.count("")).toBe(0);
    // clew is no word of the vocabulary: cl ##ew
    expect(tokenizer.count("Follow the clew!")).toBe(5);
    // a word of more than a hundred characters is one unknown token
    expect(tokenizer.count("a".repeat(100_000))).toBe(1);
  });

  it("equals the reference tokenizer cut behind it, whatever the text", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 40 }), (text, maxTokens) => {
        const whole = idsOf(text.replace(/\p{Surrogate}/gu, "\ufffd"));
        const { ids, types, cut } = tokenizer.encode(text, maxTokens);
        expect(ids).toEqual([cls, ...whole.slice(0, maxTokens - 2), sep]);
        expect(types).toEqual(ids.map(() => 0));
        expect(cut).toBe(whole.length > maxTokens - 2);
        expect(tokenizer.count(text)).toBe(whole.length);
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the closing token of a text that is cut", () => {
    const { ids, cut } = tokenizer.encode("one two three four five", 4);
    expect(ids).toEqual([cls, ...idsOf("one two"), sep]);
    expect(cut).toBe(true);
  });

  it("encodes a pair in segments 0 and 1, cutting the longer text", () => {
    const { ids, types, cut } = tokenizer.encodePair("who", "one two three four five", 7);
    expect(ids).toEqual([cls, ...idsOf("who"), sep, ...idsOf("one two three"), sep]);
    expect(types).toEqual([0, 0, 0, 1, 1, 1, 1]);
    expect(cut).toBe(true);
  });

  it("never exceeds the limit with a pair, and loses nothing that fits", () => {
    fc.assert(
      fc.property(anyText, anyText, fc.integer({ min: 3, max: 60 }), (one, other, maxTokens) => {
        const { ids, types, cut } = tokenizer.encodePair(one, other, maxTokens);
        const all = tokenizer.count(one) + tokenizer.count(other) + 3;
        expect(ids.length).toBe(Math.min(all, maxTokens));
        expect(types.length).toBe(ids.length);
        expect(cut).toBe(all > maxTokens);
      }),
      { numRuns: 100 },
    );
  });

  it("finds the places of special tokens in another template", () => {
    // as RoBERTa has it: <s> A </s></s> B </s>, byte-level BPE
    const vocabulary = ["<s>", "<pad>", "</s>", "<unk>", "a", "b", "c", "Ġ"];
    const roberta = textTokenizer(
      {
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
        post_processor: { type: "RobertaProcessing", sep: ["</s>", 2], cls: ["<s>", 0], trim_offsets: true },
        decoder: { type: "ByteLevel" },
        model: {
          type: "BPE",
          vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
          merges: [],
          unk_token: "<unk>",
        },
      },
      { tokenizer_class: "RobertaTokenizer" },
    );
    expect(roberta.encode("abc", 4).ids).toEqual([0, 4, 5, 2]);
    expect(roberta.encodePair("a", "bcb", 7).ids).toEqual([0, 4, 2, 2, 5, 6, 2]);
  });
});

describe("longestFirst", () => {
  it("takes from the longer, as taking one by one does", () => {
    const lengths = fc.nat({ max: 40 });
    fc.assert(
      fc.property(lengths, lengths, lengths, (first, second, room) => {
        let [a, b] = [first, second];
        while (a + b > room) a > b ? a-- : b--;
        expect(longestFirst(first, second, room)).toEqual([a, b]);
      }),
    );
  });
});
