import type { Edge, Passage, PassageId } from "@clew/core";
import { capitalisedRuns, wordTokens } from "@clew/core/text";
import type { RowPlace } from "../search/row-place.js";
import type { Selection } from "../state/selection.js";
import type { TenantState } from "../state/tenant-state.js";
import { rangeOf } from "./key-table.js";
import { LimitedMap } from "./limited-map.js";
import { nameHash } from "./name-hash.js";
import { type FoundKey, mentionsAt, type SegmentNames } from "./segment-names.js";

/** A key that more passages bear names too many things. */
const mostBearers = 10;
/** A passage that more passages mention leads everywhere: no edge ends there. */
const mostMentions = 100;
/** A name in more passages is not rare. */
const mostSharing = 10;
/** Rows whose edges, and keys whose bearers, are remembered between questions: about 20 MB when full. */
const kept = 8192;
const keptKeys = 32_768;
/** Divisible by 1 to 9: sums of shares are exact in any order. */
const whole = 2520;

/** What two passages share. */
interface Shared {
  /** Sum of the names' shares, in parts of {@link whole}. */
  sum: number;
  best: number;
  /** The rarest of the names. */
  rarest: number[];
}

/** What an asker sees: a state, its visible rows, and where a visible passage is. */
export interface LinkedRows {
  readonly state: TenantState;
  readonly visible: Selection;
  place(id: PassageId): RowPlace | undefined;
}

/** The link graph as one asker sees it. Places of rows are numbered over all segments. */
export class LinkGraph {
  readonly #names: readonly SegmentNames[];
  readonly #bases: readonly number[];
  readonly #bearers = new LimitedMap<number, readonly number[]>(keptKeys);
  readonly #reached = new LimitedMap<number, ReadonlyMap<number, FoundKey>>(kept);
  readonly #led = new LimitedMap<number, ReadonlyMap<number, FoundKey>>(kept);
  readonly #shared = new LimitedMap<number, ReadonlyMap<number, Shared>>(kept);
  readonly #mentioning = new LimitedMap<number, readonly number[]>(kept);

  constructor(
    private readonly view: LinkedRows,
    names: readonly SegmentNames[],
  ) {
    this.#names = names;
    const bases = [0];
    for (const { segment } of view.state.segments) bases.push(bases.at(-1)! + segment.size);
    this.#bases = bases;
  }

  /**
   * Edges that start or end at these passages, among the chosen ones: one for each pair of a text and a passage whose title
   * or heading it mentions, and one for each pair of passages that share rare names, from the lesser id to the greater.
   */
  edges(ids: readonly PassageId[], chosen: Selection): Edge[] {
    const made = new Map<number, Edge>();
    for (const id of ids) {
      const place = this.view.place(id);
      if (place === undefined || chosen.masks[place.segment]![place.row] !== 1) continue;
      const number = this.#number(place);
      for (const to of this.#targets(number).keys()) {
        if (this.isChosen(to, chosen)) this.#add(made, number, to, "title", 1);
      }
      for (const from of this.#sources(number)) {
        if (this.isChosen(from, chosen)) this.#add(made, from, number, "title", 1);
      }
      for (const [other, { sum }] of this.#sharing(number)) {
        if (!this.isChosen(other, chosen)) continue;
        const [from, to] = id < this.id(other) ? [number, other] : [other, number];
        this.#add(made, from, to, "entity", sum / whole);
      }
    }
    return [...made.values()].sort((a, b) => order(a.from, b.from) || order(a.to, b.to) || order(b.kind, a.kind));
  }

  /** The words that made edges; undefined for what is none. */
  words(edges: readonly Edge[], passageOf: (place: RowPlace) => Passage): (string | undefined)[] {
    return edges.map(({ from, to, kind }) => {
      const [source, target] = [this.view.place(from), this.view.place(to)];
      if (source === undefined || target === undefined) return undefined;
      const [number, other] = [this.#number(source), this.#number(target)];
      if (kind === "entity") {
        const shared = from < to ? this.#sharing(number).get(other) : undefined;
        return shared && nameIn(passageOf(source), new Set(shared.rarest));
      }
      const found = this.#targets(number).get(other);
      return found && mentionIn(passageOf(source).text, found);
    });
  }

  /** Visible passages that bear a key; none when they are too many to name one thing. */
  bearersOf(key: number): readonly number[] {
    let bearers = this.#bearers.get(key);
    if (bearers === undefined) {
      const all = this.#rowsOf(key, "borne", mostBearers);
      bearers = all.length > mostBearers ? [] : all;
      this.#bearers.set(key, bearers);
    }
    return bearers;
  }

  /** Place of a numbered row. */
  place(number: number): RowPlace {
    let segment = 0;
    while (number >= this.#bases[segment + 1]!) segment++;
    return { segment, row: number - this.#bases[segment]! };
  }

  id(number: number): PassageId {
    const { segment, row } = this.place(number);
    return this.view.state.segments[segment]!.segment.ids[row]!;
  }

  #number({ segment, row }: RowPlace): number {
    return this.#bases[segment]! + row;
  }

  /** Whether a numbered row is among the chosen. */
  isChosen(number: number, chosen: Selection): boolean {
    const { segment, row } = this.place(number);
    return chosen.masks[segment]![row] === 1;
  }

  /** Visible rows that hold a key, up to one more than `most`. */
  #rowsOf(key: number, table: "borne" | "mentioned" | "entities", most: number): number[] {
    const found: number[] = [];
    for (const [segment, names] of this.#names.entries()) {
      const [from, to] = rangeOf(names[table], key);
      const mask = this.view.visible.masks[segment]!;
      for (let i = from; i < to; i++) {
        const row = names[table].rows[i]!;
        if (mask[row] !== 1) continue;
        found.push(this.#bases[segment]! + row);
        if (found.length > most) return found;
      }
    }
    return found;
  }

  #sourceOf(number: number): string {
    const { segment, row } = this.place(number);
    const { sources, owners } = this.view.state.segments[segment]!.segment;
    return sources[owners[row]!]!;
  }

  /** Where the text of a passage leads: the longest keys, from left to right, and who bears them in other sources. */
  #mentionedBy(number: number): ReadonlyMap<number, FoundKey> {
    const known = this.#reached.get(number);
    if (known !== undefined) return known;
    const { segment, row } = this.place(number);
    const found = mentionsAt(this.#names[segment]!, row).filter(({ key }) => this.bearersOf(key).length > 0);
    const reached = new Map<number, FoundKey>();
    const source = this.#sourceOf(number);
    let free = 0;
    for (const [index, mention] of found.entries()) {
      // of those that begin at one word, the last is the longest
      if (mention.place < free || found[index + 1]?.place === mention.place) continue;
      free = mention.place + mention.span;
      for (const to of this.bearersOf(mention.key)) {
        if (this.#sourceOf(to) !== source && !reached.has(to)) reached.set(to, mention);
      }
    }
    this.#reached.set(number, reached);
    return reached;
  }

  /** The passages that this one mentions, without those that too many mention. */
  #targets(number: number): ReadonlyMap<number, FoundKey> {
    let targets = this.#led.get(number);
    if (targets === undefined) {
      targets = new Map([...this.#mentionedBy(number)].filter(([to]) => this.#sources(to).length > 0));
      this.#led.set(number, targets);
    }
    return targets;
  }

  /** The passages that mention this one; none when they are too many. */
  #sources(number: number): readonly number[] {
    const known = this.#mentioning.get(number);
    if (known !== undefined) return known;
    const { segment, row } = this.place(number);
    const { starts, keys } = this.#names[segment]!.borne;
    const found = new Set<number>();
    for (const key of new Set(keys.subarray(starts[row]!, starts[row + 1]!))) {
      if (this.bearersOf(key).length === 0) continue;
      for (const from of this.#rowsOf(key, "mentioned", Number.POSITIVE_INFINITY)) {
        if (found.size > mostMentions) break;
        if (!found.has(from) && this.#mentionedBy(from).has(number)) found.add(from);
      }
    }
    const kept = found.size > mostMentions ? [] : [...found];
    this.#mentioning.set(number, kept);
    return kept;
  }

  /** Passages that share rare names with this one: the sum of 1 / (others that hold a name), and the rarest of the names. */
  #sharing(number: number): ReadonlyMap<number, Shared> {
    const known = this.#shared.get(number);
    if (known !== undefined) return known;
    const { segment, row } = this.place(number);
    const { starts, keys } = this.#names[segment]!.entities;
    const shared = new Map<number, Shared>();
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      const key = keys[i]!;
      const holders = this.#rowsOf(key, "entities", mostSharing);
      if (holders.length < 2 || holders.length > mostSharing) continue;
      const gain = whole / (holders.length - 1);
      for (const other of holders) {
        if (other === number) continue;
        const pair = shared.get(other);
        if (pair === undefined) shared.set(other, { sum: gain, best: gain, rarest: [key] });
        else {
          pair.sum += gain;
          if (gain > pair.best) pair.rarest = [];
          if (gain >= pair.best) pair.rarest.push(key);
          pair.best = Math.max(pair.best, gain);
        }
      }
    }
    this.#shared.set(number, shared);
    return shared;
  }

  #add(made: Map<number, Edge>, from: number, to: number, kind: Edge["kind"], weight: number): void {
    const name = (from * this.#bases.at(-1)! + to) * 2 + (kind === "title" ? 0 : 1);
    if (!made.has(name)) made.set(name, { from: this.id(from), to: this.id(to), kind, weight });
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The words of a mention. */
function mentionIn(text: string, { place, span }: FoundKey): string {
  const tokens = wordTokens(text);
  return text.slice(tokens[place]!.span[0], tokens[place + span - 1]!.span[1]);
}

/** A shared name as one of the passages writes it. */
function nameIn({ title, text }: Passage, names: ReadonlySet<number>): string {
  const run = [...capitalisedRuns(title), ...capitalisedRuns(text)].find(({ key }) => names.has(nameHash(key)));
  return run?.text ?? "";
}
