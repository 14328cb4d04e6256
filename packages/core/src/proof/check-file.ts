import { type Finding, type FoundInSource, findInSource, type GivenText, verifies } from "./find-in-source.js";
import { type FileKind, kindOfSource } from "./given-text.js";
import type { ProofJson, ProofQuote, ProofSource } from "./proof-json.js";

/** A file that somebody gave, read as far as it can be. */
export interface GivenFile {
  readonly name: string;
  /** `canonical` where the text is the canonical one itself, as a proof may hold it. */
  readonly kind: FileKind | "canonical";
  /** As {@link ProofSource.bytesHash}. */
  readonly bytesHash: string;
  /** As {@link ProofSource.textHash}; absent for a file whose text cannot be taken out. */
  readonly textHash?: string | undefined;
  /** Its text, in the ways in which it can be read, the best one first. */
  readonly texts: readonly GivenText[];
}

/**
 * What the hashes say: the very bytes or text that were read, another version, another form of it (the text of a PDF), or nothing,
 * because no hash of that source is known.
 */
export type VersionCheck = "same-bytes" | "same-text" | "other-version" | "other-form" | "unknown";

/** What a file says of a source. */
export interface FileCheck {
  /** Position of the source. */
  readonly source: number;
  /** How it was recognised. */
  readonly by: "hash" | "name" | "quotes";
  readonly version: VersionCheck;
  /** By number of the quote; empty for a file whose text cannot be taken out. */
  readonly findings: ReadonlyMap<number, FoundInSource>;
}

type Checkable = Pick<ProofJson, "sources" | "quotes">;

/** Says which source a file is (by hash, else by name, else by the quotes that it holds) and looks every quote up; undefined for none. */
export function checkFile(proof: Checkable, file: GivenFile): FileCheck | undefined {
  const recognised = recognise(proof, file);
  if (recognised === undefined) return undefined;
  const { source, by } = recognised;
  const texts = textsFor(proof.sources[source]!, file);
  return {
    source,
    by,
    version: versionOf(proof.sources[source]!, file),
    findings: new Map(
      texts.length === 0 ? [] : quotesOf(proof, source).map((quote) => [quote.number, bestOf(quote, texts)]),
    ),
  };
}

/** A source whose canonical text is its file as it stands asks for every character; others have a text that is made anew. */
function textsFor(source: ProofSource, { kind, texts }: GivenFile): readonly GivenText[] {
  if (kind === "canonical") return texts;
  const exact = isVerbatim(kindOf(source)) ? texts.filter((text) => text.exact) : [];
  return exact.length > 0 ? exact : texts.map(({ text }) => ({ text, exact: false }));
}

const isVerbatim = (kind: GivenFile["kind"]): boolean => kind === "markdown" || kind === "text";

/** A source of which nothing tells the kind is taken for a text: that asks more of its quotes. */
function kindOf({ mediaType, uri, id }: ProofSource): FileKind {
  const kind = kindOfSource(mediaType, nameIn(uri ?? id));
  return kind === "other" && (mediaType ?? "text/").startsWith("text/") ? "text" : kind;
}

function recognise(proof: Checkable, file: GivenFile): Pick<FileCheck, "source" | "by"> | undefined {
  const { sources } = proof;
  const byHash = sources.findIndex(
    ({ bytesHash, textHash }) => bytesHash === file.bytesHash || (textHash !== undefined && textHash === file.textHash),
  );
  if (byHash !== -1) return { source: byHash, by: "hash" };
  const held = sources.map((_, source) => heldBy(proof, source, file));
  const named = sources.flatMap((source, index) => (isNamed(source, file.name) ? [index] : []));
  const best = (among: readonly number[]): number | undefined =>
    [...among].sort((a, b) => held[b]! - held[a]! || a - b)[0];
  const byName = best(named);
  if (byName !== undefined) return { source: byName, by: "name" };
  const byQuotes = best(sources.flatMap((_, index) => (held[index]! > 0 ? [index] : [])));
  return byQuotes === undefined ? undefined : { source: byQuotes, by: "quotes" };
}

/** Quotes of a source that stand in a file verbatim or folded, but for those too short to tell it from others. */
function heldBy(proof: Checkable, source: number, { texts }: GivenFile): number {
  const long = quotesOf(proof, source).filter(({ span }) => span[1] - span[0] >= 16);
  const exact = texts.filter((text) => text.exact);
  return long.filter((quote) => bestOf(quote, exact.length > 0 ? exact : texts).finding !== "missing").length;
}

const quotesOf = ({ quotes }: Checkable, source: number): readonly ProofQuote[] =>
  quotes.filter((quote) => quote.source === source);

/** From the best to the worst. */
const order: readonly Finding[] = ["position", "moved", "folded", "elsewhere", "inexact", "missing"];

function bestOf(quote: ProofQuote, texts: readonly GivenText[]): FoundInSource {
  let best: FoundInSource = { finding: "missing" };
  for (const text of texts) {
    if (verifies(best.finding)) return best;
    const found = findInSource(quote, text);
    if (order.indexOf(found.finding) < order.indexOf(best.finding)) best = found;
  }
  return best;
}

/** Whether a file bears the name of a source: the last part of its id or address, with or without an ending, or its title. */
function isNamed({ id, uri, title }: ProofSource, name: string): boolean {
  const own = [id, ...(uri === undefined ? [] : [uri])].map(nameIn);
  const said = plain(name);
  return (
    own.includes(said) ||
    (title !== "" && [said, withoutEnding(said)].includes(plain(title))) ||
    own.some(
      (one) =>
        withoutEnding(one) !== "" &&
        [withoutEnding(said), withoutEnding(withoutEnding(said))].includes(withoutEnding(one)),
    )
  );
}

function nameIn(path: string): string {
  const last =
    path
      .split(/[?#]/)[0]!
      .split(/[\\/]/)
      .filter((part) => part !== "")
      .at(-1) ?? "";
  try {
    return plain(decodeURIComponent(last));
  } catch {
    // percent signs that encode nothing stand for themselves
    return plain(last);
  }
}

const plain = (name: string): string => name.normalize("NFC").trim().toLowerCase();
const withoutEnding = (name: string): string => name.replace(/(?<=.)\.[a-z0-9]{1,8}$/, "");

function versionOf(source: ProofSource, { kind, bytesHash, textHash }: GivenFile): VersionCheck {
  if (source.bytesHash === bytesHash) return "same-bytes";
  if (source.textHash !== undefined && source.textHash === textHash) return "same-text";
  const own = kindOf(source);
  if (own !== kind && !(isVerbatim(own) && (isVerbatim(kind) || kind === "other"))) return "other-form";
  return source.bytesHash !== undefined || (source.textHash !== undefined && isVerbatim(own))
    ? "other-version"
    : "unknown";
}
