import type { Passage } from "../source/passage.js";
import { passageId } from "../source/passage-id.js";

/** What a test cares about in a passage; the id may be a plain text. */
export type PassageFields = Partial<Omit<Passage, "id">> & { readonly id?: string | undefined };

/** A passage with the fields given, and plain values for the rest: id `p1`, source `s1`, a span as long as its text. */
export function aPassage({ id = "p1", text = "A passage.", ...fields }: PassageFields = {}): Passage {
  return {
    source: "s1",
    ordinal: 0,
    span: [0, text.length],
    text,
    title: "",
    headings: [],
    line: 1,
    metadata: {},
    ...fields,
    id: passageId(id),
  };
}
