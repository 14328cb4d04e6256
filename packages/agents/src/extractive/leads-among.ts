import type { Mentions } from "./mentions.js";
import type { PassageReading } from "./read-evidence.js";
import type { TermMasks } from "./term-masks.js";

/** A sentence that leads somewhere. */
export interface Lead {
  readonly passage: number;
  /** Question terms in it and in its title. */
  readonly mask: number;
  /** How well it covers the question, in [0, 1]; times the rarity of the name where a name leads on. */
  readonly worth: number;
}

/** What leads where among the passages gathered. */
export interface Leads {
  /** Best sentences of other passages that mention each passage's title, best first. */
  readonly toPassage: readonly (readonly Lead[])[];
  /** Best sentences that hold a name which the question does not hold, best first. */
  readonly byName: ReadonlyMap<string, readonly Lead[]>;
  /** A passage whose title the question names mentions the title of this one. */
  readonly nextToAsked: readonly boolean[];
}

/** Leads kept of each kind. */
const keptLeads = 3;

/** Options of {@link leadsAmong}. */
export interface LeadsOptions {
  readonly mentions: Mentions;
  readonly masks: TermMasks;
  /** Whether the question names the title of each passage. */
  readonly isAsked: readonly boolean[];
  /** Whether a name is one of the question's. */
  readonly isAskedName: (key: string) => boolean;
}

/** Finds which sentences lead to which passages, by titles and by shared names. */
export function leadsAmong(
  passages: readonly PassageReading[],
  { mentions, masks, isAsked, isAskedName }: LeadsOptions,
): Leads {
  const toPassage: Lead[][] = passages.map(() => []);
  const byName = new Map<string, Lead[]>();
  const nextToAsked = passages.map(() => false);
  for (const [index, { sentences, titleTerms, terms }] of passages.entries()) {
    const titleMask = masks.of(titleTerms);
    const whole = masks.cover(masks.of(terms));
    for (const [place, { names, terms: own }] of sentences.entries()) {
      const mask = masks.of(own) | titleMask;
      const worth = (masks.cover(mask) + whole) / 2;
      const lead = { passage: index, mask, worth };
      for (const other of mentions[index]![place]!) {
        toPassage[other]!.push(lead);
        if (isAsked[index]) nextToAsked[other] = true;
      }
      for (const key of names.keys()) {
        if (isAskedName(key)) continue;
        const known = byName.get(key);
        if (known === undefined) byName.set(key, [lead]);
        else known.push(lead);
      }
    }
  }
  const best = (leads: readonly Lead[]): Lead[] =>
    [...leads].sort((a, b) => b.worth - a.worth || a.passage - b.passage).slice(0, keptLeads);
  const named = new Map<string, readonly Lead[]>();
  for (const [key, leads] of byName) {
    const holders = new Set(leads.map(({ passage }) => passage)).size;
    if (holders < 2) continue;
    const rarity = Math.sqrt(2 / (holders + 1));
    named.set(
      key,
      best(leads).map((lead) => ({ ...lead, worth: lead.worth * rarity })),
    );
  }
  return { toPassage: toPassage.map(best), byName: named, nextToAsked };
}
