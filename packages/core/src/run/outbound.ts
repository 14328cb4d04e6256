import { ClewError } from "../errors/clew-error.js";
import type { JsonObject } from "../json.js";
import type { Passage } from "../source/passage.js";
import { contentHash } from "../text/content-hash.js";
import type { Journal } from "./journal.js";

/** Which roles of a run may send texts to another machine. */
export interface Outbound {
  /** Whether a role may: `planner`, `writer`, `embedder`, `reranker`, `search`, … */
  allows(role: string): boolean;
  /** Hosts that count as this machine, beside its loopback addresses. */
  readonly localHosts: readonly string[];
}

/** Texts that went to one service on another machine. */
export interface SentTexts {
  readonly role: string;
  /** What served, or should have. */
  readonly served: string;
  /** Requests that carried them. */
  readonly requests: number;
  /** UTF-16 code units of the texts, over all requests. */
  readonly characters: number;
  /** Hashes of the ids of passages whose text was among them, as far as whoever asked says so. */
  readonly passages: readonly string[];
  /** The same of their sources. */
  readonly sources: readonly string[];
}

/** Whether what is reached may not be, for a role. */
export const isRefused = (outbound: Outbound | undefined, role: string, remote: boolean): boolean =>
  remote && outbound !== undefined && !outbound.allows(role);

/** The error of a role that may not send texts to another machine. */
export const outboundRefused = (role: string, service: string): ClewError =>
  new ClewError(
    "outbound-refused",
    `${service} is on another machine, and "${role}" may not send texts there: nothing was sent. Give the role a model on this machine, or allow it: outbound: { roles: ["${role}", …] }.`,
  );

/** Records texts that left this machine, for the note that counts them. */
export async function recordSent(
  call: { readonly journal: Journal; readonly outbound?: Outbound | undefined } | undefined,
  sent: readonly SentTexts[],
): Promise<void> {
  if (call?.outbound === undefined || sent.length === 0) return;
  await call.journal.record("outbound", sent as readonly SentTexts[] as unknown as JsonObject[]);
}

/** Hashes of the ids of passages and of their sources, each once, in order: to be counted, not read. */
export const namesOf = (
  passages: readonly Pick<Passage, "id" | "source">[] = [],
): Pick<SentTexts, "passages" | "sources"> => ({
  passages: hashes(passages.map(({ id }) => id)),
  sources: hashes(passages.map(({ source }) => source)),
});

const hashes = (ids: readonly string[]): string[] => [...new Set(ids.map((id) => contentHash(id)))].sort();
