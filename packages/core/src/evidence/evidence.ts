import type { Passage } from "../source/passage.js";
import type { PassageId } from "../source/passage-id.js";

declare const brand: unique symbol;

/** A short stable name of a passage within one run: `E1`, `E2`, … */
export type EvidenceId = string & { readonly [brand]: "EvidenceId" };

/** A passage in the ledger of one run. Plain JSON, but for the passage's text the same on every resume. */
export interface Evidence {
  readonly id: EvidenceId;
  readonly passage: Passage;
  /** Best score it had, in the search that scored it so. */
  readonly score: number;
  /** Round of retrieval that found it first, from 1. */
  readonly hop: number;
  /** Queries that found it, in order, each once. */
  readonly queries: readonly string[];
}

/** An entry of the ledger without its text: what the state of a run keeps. */
export interface EvidenceRecord {
  readonly id: EvidenceId;
  readonly passage: PassageId;
  readonly score: number;
  readonly hop: number;
  readonly queries: readonly string[];
}
