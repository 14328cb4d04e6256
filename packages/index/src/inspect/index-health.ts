import type { IndexMaker } from "../state/index-maker.js";

/** What `inspectIndex` found. */
export type IndexHealth =
  /** Nothing there. */
  | { readonly status: "missing" }
  | ({ readonly status: "whole" } & IndexContents)
  /** `problems` is never empty; the contents are what could be read. */
  | ({ readonly status: "damaged"; readonly problems: readonly string[] } & Partial<IndexContents>);

/** What an index holds. */
export interface IndexContents {
  /** What made it; absent for an index without sources. */
  readonly maker?: Omit<IndexMaker, "probe"> | undefined;
  readonly tenants: readonly TenantContents[];
  /** Size of the data file. */
  readonly bytes: number;
}

/** What a tenant holds. */
export interface TenantContents {
  readonly tenant: string;
  readonly generation: number;
  readonly sources: number;
  readonly passages: number;
  /** Embedded strings in the cache. */
  readonly vectors: number;
}
