import type { DraftCitation, FieldDraft, FieldValue, Form, LeafForm, ObjectForm } from "@clew/core";
import { datesIn } from "@clew/core/text";
import { z } from "zod/v4";
import { readNumbers } from "./holds-number.js";
import { pointerOf } from "./pointer.js";

/** How a form is asked of a model, and how its answer is read. */
export interface DraftSchema {
  /** Each leaf as `{ value, quotes }`. Required and nullable only, as strict servers want it; reading it is more lenient. */
  readonly schema: z.ZodType<unknown>;
  /** The values of an answer that the schema has accepted. */
  drafts(answer: unknown): FieldDraft[];
}

const quote = z.object({ evidence: z.string(), quote: z.string() });
const maxItems = 1000;

/**
 * Makes the {@link DraftSchema} of a form. Models that give a bare value, one quote instead of a list, or a number in words are understood;
 * a value that is of the wrong kind altogether is kept, so that it is refused by name and not in silence.
 */
export function draftSchema(form: ObjectForm): DraftSchema {
  return {
    schema: z.preprocess((raw) => tidyRoot(form, raw), schemaOf(form)),
    drafts: (answer) => draftsOf(form, answer, []),
  };
}

function schemaOf(form: Form): z.ZodType {
  const described = <T extends z.ZodType>(schema: T): T =>
    form.about === undefined ? schema : schema.describe(form.about);
  if (form.kind === "object") {
    return described(
      z.object(Object.fromEntries(Object.entries(form.fields).map(([key, part]) => [key, schemaOf(part)]))),
    );
  }
  if (form.kind === "list") return described(z.array(schemaOf(form.of)));
  return described(z.object({ value: shownAs(form), quotes: z.array(quote) }));
}

/** Shown to models as the kind that is wanted; what they give is read by `tidyValue`, and refused by verification. */
function shownAs({ kind, choices = [] }: LeafForm): z.ZodType {
  const types = kind === "choice" ? [...new Set(choices.map((choice) => typeof choice))] : [];
  switch (kind) {
    case "number":
    case "boolean":
      return z.unknown().meta({ type: [kind, "null"] });
    case "choice":
      return z.unknown().meta({
        anyOf: [
          ...types.map((type) => ({ type, enum: choices.filter((choice) => typeof choice === type) })),
          { type: "null" },
        ],
      });
    case "date":
      return z.unknown().meta({ type: ["string", "null"], description: "YYYY-MM-DD" });
    case "text":
      return z.unknown().meta({ type: ["string", "null"] });
  }
}

/** An answer in which nothing of the form is to be seen is left as it is, so that it is asked for again. */
function tidyRoot(form: ObjectForm, raw: unknown): unknown {
  if (!isRecord(raw) || !Object.keys(form.fields).some((key) => Object.hasOwn(raw, key))) return raw;
  return tidy(form, raw);
}

function tidy(form: Form, raw: unknown): unknown {
  if (form.kind === "object") {
    const held = isRecord(raw) ? raw : {};
    return Object.fromEntries(
      Object.entries(form.fields).map(([key, part]) => [key, tidy(part, Object.hasOwn(held, key) ? held[key] : null)]),
    );
  }
  if (form.kind === "list") {
    const items = Array.isArray(raw) ? raw : isRecord(raw) && Array.isArray(raw.value) ? raw.value : [];
    return items.slice(0, maxItems).map((item: unknown) => tidy(form.of, item));
  }
  const given = isRecord(raw) ? raw : { value: raw };
  const quotes = [given.quotes ?? given.quote ?? given.citations ?? []].flat().flatMap((one) => tidyQuote(one, given));
  return { value: plain(tidyValue(form, given.value ?? null)), quotes };
}

function tidyQuote(raw: unknown, beside: Record<string, unknown>): z.infer<typeof quote>[] {
  const given = isRecord(raw) ? raw : { quote: raw, evidence: beside.evidence };
  const evidence = String(given.evidence ?? given.id ?? "").replace(/^\W*(E\d+)\W*$/i, (_, id: string) =>
    id.toUpperCase(),
  );
  return typeof given.quote === "string" ? [{ evidence, quote: given.quote }] : [];
}

function tidyValue(leaf: LeafForm, raw: unknown): unknown {
  if (
    raw === null ||
    (typeof raw === "string" &&
      /^\s*(?:null|n\/?a|none|unknown|not (?:stated|found|given|available))?\s*\.?$/i.test(raw))
  )
    return null;
  switch (leaf.kind) {
    case "number": {
      if (typeof raw !== "string") return raw;
      const found = readNumbers(raw);
      return found.length === 1 ? found[0]!.value : raw;
    }
    case "boolean":
      return typeof raw === "string" && /^(?:yes|true|no|false)$/i.test(raw) ? /^(?:yes|true)$/i.test(raw) : raw;
    case "choice":
      return leaf.choices?.find((choice) => String(choice).toLowerCase() === String(raw).trim().toLowerCase()) ?? raw;
    case "date": {
      const found = typeof raw === "string" ? datesIn(raw).filter(({ value }) => /^\d{4}-\d\d-\d\d$/.test(value)) : [];
      return found.length === 1 ? found[0]!.value : raw;
    }
    case "text":
      return typeof raw === "number" || typeof raw === "boolean" ? String(raw) : raw;
  }
}

/** What is no plain value is kept as text: it will be refused, and shown as what it was. */
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : value;

function draftsOf(form: Form, answer: unknown, path: readonly (string | number)[]): FieldDraft[] {
  if (form.kind === "object") {
    const held = answer as Record<string, unknown>;
    return Object.entries(form.fields).flatMap(([key, part]) => draftsOf(part, held[key], [...path, key]));
  }
  if (form.kind === "list") {
    return (answer as unknown[]).flatMap((item, at) => draftsOf(form.of, item, [...path, at]));
  }
  const { value, quotes } = answer as { value: FieldValue | null; quotes: DraftCitation[] };
  return value === null ? [] : [{ path: pointerOf(path), value, citations: quotes }];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
