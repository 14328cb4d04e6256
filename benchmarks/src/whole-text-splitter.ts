import { type Passage, passageId, type Splitter } from "@clew/core";

/** One passage a document, as evaluation sets judge them; an empty document is a passage too. */
export const wholeTextSplitter: Splitter = {
  fingerprint: "whole-text@1",
  split: ({ source, text }): Passage[] => [
    {
      id: passageId(source.id),
      source: source.id,
      ordinal: 0,
      span: [0, text.length],
      text,
      title: source.title,
      headings: [],
      line: 1,
      metadata: source.metadata,
    },
  ],
};
