import type { Metadata, ReaderInput, Source } from "@clew/core";

/** What a reader found out about its source. */
export interface FoundSource {
  /** @default the file name without its ending */
  readonly title?: string | undefined;
  /** Added below what the caller said: the caller's values win. */
  readonly metadata?: Metadata | undefined;
}

/** The source that a reader's input stands for. */
export function sourceOf(input: ReaderInput, { title, metadata = {} }: FoundSource = {}): Source {
  const said = title?.replace(/\s+/g, " ").trim().normalize("NFC") ?? "";
  return {
    id: input.id,
    title: said === "" ? nameAsTitle(input.name) : said,
    mediaType: input.mediaType,
    version: input.version,
    metadata: { ...metadata, ...input.metadata },
    ...(input.uri === undefined ? {} : { uri: input.uri }),
    ...(input.access === undefined ? {} : { access: input.access }),
  };
}

/** A file name without its ending; a name that is nothing but an ending stays whole. */
export function nameAsTitle(name: string): string {
  return name.replace(/(?<=.)\.[^./\\ ]{1,10}$/, "").normalize("NFC");
}
