import type { Reader } from "@clew/core";

/** The ending of a file name, lower case, with the dot; empty when it has none. A leading dot begins a name, not an ending. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot).toLowerCase();
}

/** The first reader that declares the ending of the name. */
export function readerByName(readers: readonly Reader[], name: string): Reader | undefined {
  const extension = extensionOf(name);
  return extension === "" ? undefined : readers.find(({ extensions }) => extensions.includes(extension));
}

/** The first reader that declares the media type, then, for any other text, the first that reads `text/plain`. */
export function readerByMediaType(readers: readonly Reader[], mediaType: string): Reader | undefined {
  const exact = readers.find(({ mediaTypes }) => mediaTypes.includes(mediaType));
  if (exact !== undefined) return exact;
  const isText =
    mediaType.startsWith("text/") || /^application\/(?:.+\+)?(?:xml|javascript|x-sh|toml|x?-?yaml)$/.test(mediaType);
  return isText ? readers.find(({ mediaTypes }) => mediaTypes.includes("text/plain")) : undefined;
}
