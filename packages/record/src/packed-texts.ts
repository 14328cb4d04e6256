import { ClewError, type TraceText } from "@clew/core";
import { jsonFile, readJson, type Texts } from "./exact-json.js";

/** A text as it lies in a file: in place of its sources, which list of them it is. */
type PackedText = Omit<TraceText, "sources"> & { readonly sources: number };

/** Each list once, in the order in which the texts first name it. */
interface PackedTexts {
  readonly lists: readonly TraceText["sources"][];
  readonly texts: Readonly<Record<string, PackedText>>;
}

/** Texts as they lie beside a chain: most of them repeat the same few lists of sources, and a list may be longer than a text. */
export function packedTexts(texts: Texts): string {
  const known = new Map<string, number>();
  const lists: TraceText["sources"][] = [];
  let last: { readonly sources: TraceText["sources"]; readonly at: number } | undefined;
  const placeOf = (sources: TraceText["sources"]): number => {
    if (last?.sources === sources) return last.at;
    const key = JSON.stringify(sources);
    const at = known.get(key) ?? lists.push(sources) - 1;
    known.set(key, at);
    last = { sources, at };
    return at;
  };
  const packed = Object.entries(texts).map(([key, text]) => [key, { ...text, sources: placeOf(text.sources) }]);
  return jsonFile({ lists, texts: Object.fromEntries(packed) } satisfies PackedTexts);
}

/**
 * Texts of such a file, each with its list again, which its hash in the chain is of.
 *
 * @throws ClewError `trace-damaged` for one that is not byte for byte what its texts are packed to
 */
export function unpackedTexts(file: string): Texts {
  const damaged = (): ClewError =>
    new ClewError("trace-damaged", "A file of the record is not exactly what was written.");
  const { lists, texts } = (readJson(file) ?? {}) as Partial<PackedTexts>;
  if (!Array.isArray(lists) || typeof texts !== "object" || texts === null) throw damaged();
  const unpacked = Object.entries(texts).map(([key, text]): [string, TraceText] => {
    const sources = lists[text?.sources as number] as TraceText["sources"] | undefined;
    if (!Array.isArray(sources)) throw damaged();
    return [key, { ...text, sources }];
  });
  const whole = Object.fromEntries(unpacked);
  if (packedTexts(whole) !== file) throw damaged();
  return whole;
}
