import { ClewError } from "../errors/clew-error.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { JsonValue } from "../json.js";
import type { SlicedWork } from "./in-slices.js";
import { jsonText } from "./json-text.js";
import { listHashes, textHash } from "./line-text.js";
import type { Taint } from "./taint.js";
import type { TextReference, TraceText } from "./trace.js";

/** Changes a text before it is hashed and kept; `kind` is the kind of its line. */
export type RedactText = (text: string, line: { readonly kind: string }) => string;

/** Takes texts out of a chain and keeps them beside it. */
export interface TextVault {
  /** @param kind kind of the line that it stands in */
  text(text: string, kind: string, taint: Taint): TextReference;
  /** @param spared names whose strings the redaction hook is not shown: identities */
  json(value: JsonValue, kind: string, taint: Taint, spared?: readonly string[]): TextReference;
  readonly texts: Readonly<Record<string, TraceText>>;
  /** Hashes the texts that were taken in since the last time: only then are their references whole. */
  hash(): SlicedWork<void>;
  /** Texts that the redaction hook changed. */
  redacted(): number;
}

/** Options of {@link textVault}. */
export interface TextVaultOptions {
  /** A fresh salt. */
  readonly salt: () => string;
  readonly redact?: RedactText | undefined;
  /** What its keys begin with. @default "t" */
  readonly prefix?: string | undefined;
}

/** Opens an empty vault. The same text of the same sources is kept once. */
export function textVault({ salt, redact, prefix = "t" }: TextVaultOptions): TextVault {
  const texts: Record<string, TraceText> = {};
  const known = new Map<string, OpenReference>();
  let unhashed: { readonly reference: OpenReference; readonly kept: TraceText }[] = [];
  const hashOfList = listHashes();
  // snapshots of taint are shared, so the object tells which one it is
  const taints = new Map<Taint, number>();
  let keys = 0;
  let changed = 0;

  const redacted = (text: string, kind: string): string => {
    if (redact === undefined) return text;
    let shorter: unknown;
    try {
      shorter = redact(text, { kind });
    } catch (cause) {
      throw new ClewError(
        "invalid-option",
        "The option redact failed, so the trace is not sealed: mend the function.",
        {
          cause,
        },
      );
    }
    if (typeof shorter !== "string") throw invalidOption("redact", "a function that gives a text", typeof shorter);
    return shorter;
  };

  const keep = (given: string, text: string, taint: Taint, json: boolean): TextReference => {
    if (!taints.has(taint)) taints.set(taint, taints.size);
    const same = `${json ? "j" : "s"}${taints.get(taint)} ${given}`;
    const before = known.get(same);
    if (before !== undefined) return before;
    const fresh = salt();
    if (!/^[0-9a-f]{32}$/.test(fresh))
      throw invalidOption("runtime.salt", "a function that gives 32 hexadecimal digits");
    const { sources, anySource } = taint;
    const kept: TraceText = {
      salt: fresh,
      text,
      sources,
      ...(anySource ? { anySource } : {}),
      ...(text === given ? {} : { redacted: true }),
    };
    if (kept.redacted === true) changed += 1;
    const key = `${prefix}${keys++}`;
    texts[key] = kept;
    const reference: OpenReference = { text: key, hash: "", ...(json ? { json } : {}) };
    unhashed.push({ reference, kept });
    known.set(same, reference);
    return reference;
  };

  return {
    text: (text, kind, taint) => keep(text, redacted(text, kind), taint, false),
    json: (value, kind, taint, spared = []) => {
      const given = jsonText(value);
      const kept =
        redact === undefined ? given : jsonText(stringsIn(value, (text) => redacted(text, kind), new Set(spared)));
      return keep(given, kept, taint, true);
    },
    texts,
    *hash() {
      const open = unhashed;
      unhashed = [];
      for (const { reference, kept } of open) {
        reference.hash = textHash(kept, hashOfList);
        yield kept.text.length + textCost;
      }
    },
    redacted: () => changed,
  };
}

/** What a text takes besides its length: a salt, two hashes; in characters of hashing. */
const textCost = 1000;

type OpenReference = { -readonly [K in keyof TextReference]: TextReference[K] };

function stringsIn(value: JsonValue, change: (text: string) => string, spared: ReadonlySet<string>): JsonValue {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((part: JsonValue) => stringsIn(part, change, spared));
  const fields = Object.entries(value).map(([name, field]) => [
    name,
    spared.has(name) ? field : stringsIn(field, change, spared),
  ]);
  return Object.fromEntries(fields) as JsonValue;
}
