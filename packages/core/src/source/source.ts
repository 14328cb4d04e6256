import type { Metadata } from "./metadata.js";

/** Identity of a source within its tenant: a path, an address, a primary key. Chosen by whoever reads it; stable. */
export type SourceId = string;

/** A document as the user knows it. */
export interface Source {
  readonly id: SourceId;
  /** Shown to people, searched as a field of its own. Empty when unknown. */
  readonly title: string;
  /** Where a person finds it: a file path or web address. */
  readonly uri?: string | undefined;
  /** IANA media type of the bytes it was read from. */
  readonly mediaType: string;
  /** Changes whenever the content (or the reader that made text of it) changes: normally a content hash. */
  readonly version: string;
  readonly metadata: Metadata;
  /**
   * Principals who may see it. Absent: everybody in the tenant, unless the index requires lists; empty: nobody.
   */
  readonly access?: readonly string[] | undefined;
}
