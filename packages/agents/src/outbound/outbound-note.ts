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
  return noteOf(to, {
    passages: new Set(sorted.flatMap(({ passages }) => [...passages])).size,
    sources: new Set(sorted.flatMap(({ sources }) => [...sources])).size,
  });
}

/**
 * What several runs of one research sent, by their notes; undefined where nothing left. Passages and sources are counted for
 * each run: one that two of them sent counts twice.
 */
export function sumOfOutbound(notes: readonly Note[]): Note | undefined {
  const totals = new Map<string, Counted>();
  const details = notes.flatMap(({ code, detail }) =>
    code === "outbound" && Array.isArray(detail?.to) ? [detail as unknown as Detail] : [],
  );
  for (const one of details.flatMap(({ to }) => to)) {
    const key = JSON.stringify([one.role, one.served]);
    const before = totals.get(key);
    totals.set(key, before === undefined ? one : { ...one, ...added(before, one) });
  }
  if (totals.size === 0) return undefined;
  const to = [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  const sum = (field: "passages" | "sources"): number => details.reduce((all, detail) => all + detail[field], 0);
  return noteOf(to, { passages: sum("passages"), sources: sum("sources") });
}

/** The counts of a role and service. */
interface Counted {
  readonly role: string;
  readonly served: string;
  readonly requests: number;
  readonly characters: number;
  readonly passages: number;
  readonly sources: number;
}

/** Detail of a note that counts. */
interface Detail extends Pick<Counted, "passages" | "sources"> {
  readonly to: readonly Counted[];
}

const added = (a: Counted, b: Counted): Omit<Counted, "role" | "served"> => ({
  requests: a.requests + b.requests,
  characters: a.characters + b.characters,
  passages: a.passages + b.passages,
  sources: a.sources + b.sources,
});

function noteOf(to: readonly Counted[], texts: Pick<Counted, "passages" | "sources">): Note {
  const all = {
    requests: to.reduce((sum, one) => sum + one.requests, 0),
    characters: to.reduce((sum, one) => sum + one.characters, 0),
    ...texts,
  };
  const parts = to.map(({ role, served, requests }) => `${requests} to ${served} (${role})`);
  const message = `${plural(all.requests, "request")} left this machine, with ${plural(all.characters, "character")} and text of ${plural(all.passages, "passage")} from ${plural(all.sources, "source")}: ${parts.join(", ")}.`;
  return note("outbound", message, { ...all, to: to.map((one) => ({ ...one })) });
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What a line of the record says of texts that were sent: its own, or beside a model's answer. */
function sentIn({ kind, data }: JournalEntry): readonly SentTexts[] {
  const sent =
    kind === "outbound"
      ? data
      : kind === "model" || kind === "model-failed"
        ? (data as JsonObject).outbound
        : undefined;
  return Array.isArray(sent) ? (sent as unknown as readonly SentTexts[]) : [];
}
