import type { ReadableSource } from "@clew/core";
import { contentHash } from "@clew/core/text";
import type { BeirDocument } from "@clew/evaluate";

/** Documents of an evaluation set as sources, in their order. */
export function* beirSources(corpus: readonly BeirDocument[]): Generator<ReadableSource> {
  for (const { id, title, text } of corpus) {
    const version = contentHash(`${title}\n${text}`);
    yield {
      id,
      version,
      read: async () => ({
        text: { source: { id, title, mediaType: "text/plain", version, metadata: {} }, text, pages: [], headings: [] },
        notes: [],
      }),
    };
  }
}
