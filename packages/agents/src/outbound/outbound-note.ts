import { type JournalEntry, type JsonObject, type Note, note, type SentTexts } from "@clew/core";

/** What left this machine for one role and service. */
interface Total {
  readonly role: string;
  readonly served: string;
  requests: number;
  characters: number;
  readonly passages: Set<string>;
  readonly sources: Set<string>;
}

/** Counts what left this machine, by the record of a run; undefined where nothing did. */
export function outboundNote(entries: readonly JournalEntry[]): Note | undefined {
  const totals = new Map<string, Total>();
  for (const { role, served, requests, characters, passages, sources } of entries.flatMap(sentIn)) {
    const key = JSON.stringify([role, served]);
    const total = totals.get(key) ?? {
      ...{ role, served, requests: 0, characters: 0 },
      passages: new Set<string>(),
      sources: new Set<string>(),
    };
    totals.set(key, total);
    total.requests += requests;
    total.characters += characters;
    for (const id of passages) total.passages.add(id);
    for (const id of sources) total.sources.add(id);
  }
  if (totals.size === 0) return undefined;
  const sorted = [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  const to = sorted.map(({ role, served, requests, characters, passages, sources }) => ({
    ...{ role, served, requests, characters },
    passages: passages.size,
    sources: sources.size,
  }));
  const all = {
    requests: to.reduce((sum, one) => sum + one.requests, 0),
    characters: to.reduce((sum, one) => sum + one.characters, 0),
    passages: new Set(sorted.flatMap(({ passages }) => [...passages])).size,
    sources: new Set(sorted.flatMap(({ sources }) => [...sources])).size,
  };
  const parts = to.map(({ role, served, requests }) => `${requests} to ${served} (${role})`);
  const message = `${plural(all.requests, "request")} left this machine, with ${plural(all.characters, "character")} and text of ${plural(all.passages, "passage")} from ${plural(all.sources, "source")}: ${parts.join(", ")}.`;
  return note("outbound", message, { ...all, to });
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What a line of the record says of texts that were sent: its own, or beside a model's answer. */
function sentIn({ kind, data }: JournalEntry): readonly SentTexts[] {
  const sent = kind === "outbound" ? data : kind === "model" ? (data as JsonObject).outbound : undefined;
  return Array.isArray(sent) ? (sent as unknown as readonly SentTexts[]) : [];
}
