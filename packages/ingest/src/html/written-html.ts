import type { SourceText } from "@clew/core";

/** The text of a page and what else it says. */
export interface HtmlText {
  readonly title: string;
  readonly language?: string | undefined;
  /** Deepest nesting of open elements. */
  readonly depth: number;
  readonly build: (source: SourceText["source"]) => SourceText;
}
