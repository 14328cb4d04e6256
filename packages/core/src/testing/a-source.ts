import type { Source } from "../source/source.js";
import type { SourceText } from "../source/source-text.js";
import { contentHash } from "../text/content-hash.js";

/** A source with the fields given: id `s1`, no title, plain text, version `v1`, no metadata. */
export const aSource = (fields: Partial<Source> = {}): Source => ({
  id: "s1",
  title: "",
  mediaType: "text/plain",
  version: "v1",
  metadata: {},
  ...fields,
});

/** What a test cares about in a source text: its parts, and any field of its source. */
export interface SourceTextFields extends Partial<Omit<SourceText, "source">>, Partial<Source> {}

/**
 * A source text with the fields given; text in NFC with `\n` line ends, and a hash of everything in it as the version
 * unless one is given.
 */
export function aSourceText(fields: SourceTextFields = {}): SourceText {
  const { text = "A text.", pages = [], headings = [], language, blocks, version, ...rest } = fields;
  const body = {
    text: text.replace(/\r\n?/g, "\n").normalize("NFC"),
    pages,
    headings,
    ...(language === undefined ? {} : { language }),
    ...(blocks === undefined ? {} : { blocks }),
  };
  const { id, title, uri, mediaType, metadata, access } = aSource(rest);
  const all = JSON.stringify([body, id, title, uri, mediaType, metadata, access]);
  return { source: aSource({ ...rest, version: version ?? contentHash(all) }), ...body };
}
