import type { AnswerField, AnswerFields, Form, ObjectForm } from "@clew/core";
import { pointerOf } from "./pointer.js";

/** JSON that may be built up. */
export type Built = string | number | boolean | null | Built[] | { [key: string]: Built };

/** The fields of a form in their order, and the object that they make. */
export interface Settled {
  readonly fields: AnswerFields;
  readonly value: { [key: string]: Built };
}

const absent: AnswerField = {
  value: null,
  citations: [],
  verdict: "missing",
  reasons: ["Nothing in the evidence says it."],
};

/**
 * Puts fields in the order of their form and builds the object of them. Every leaf outside a list is there, without a value as
 * `missing`. Items of a list in which nothing is supported fall out, and those behind them move up. An optional leaf
 * without a value is left out; a nullable or optional object in which nothing is supported is null or left out.
 */
export function settleFields(form: ObjectForm, found: ReadonlyMap<string, AnswerField>): Settled {
  const lengths = listLengths(found.keys());
  const settled = settle(form, { from: [], to: [] }, found, lengths);
  return { fields: Object.fromEntries(settled.fields), value: settled.value as { [key: string]: Built } };
}

interface Part {
  readonly fields: readonly (readonly [pointer: string, field: AnswerField])[];
  /** Undefined: to be left out. */
  readonly value: Built | undefined;
  /** Whether anything in it has a value. */
  readonly held: boolean;
}

/** Where a part comes from, and where it goes when items before it have fallen out. */
interface Place {
  readonly from: readonly (string | number)[];
  readonly to: readonly (string | number)[];
}

function settle(
  form: Form,
  { from, to }: Place,
  found: ReadonlyMap<string, AnswerField>,
  lengths: ReadonlyMap<string, number>,
): Part {
  const none = form.optional && !form.nullable ? undefined : null;
  if (form.kind === "list") {
    const kept: Part[] = [];
    const length = lengths.get(pointerOf(from)) ?? 0;
    for (let at = 0; at < length; at++) {
      const item = settle(form.of, { from: [...from, at], to: [...to, kept.length] }, found, lengths);
      if (item.held) kept.push(item);
    }
    const value = kept.length === 0 && (form.nullable || form.optional) ? none : kept.map((item) => item.value!);
    return { fields: kept.flatMap(({ fields }) => fields), value, held: kept.length > 0 };
  }
  if (form.kind === "object") {
    const parts = Object.entries(form.fields).map(
      ([key, part]) => [key, settle(part, { from: [...from, key], to: [...to, key] }, found, lengths)] as const,
    );
    const held = parts.some(([, part]) => part.held);
    const entries = parts.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value] as const]));
    const value = !held && (form.nullable || form.optional) ? none : Object.fromEntries(entries);
    return { fields: parts.flatMap(([, { fields }]) => fields), value, held };
  }
  const field = found.get(pointerOf(from)) ?? absent;
  return { fields: [[pointerOf(to), field]], value: field.value ?? none, held: field.value !== null };
}

/** How many places each list has, from the pointers into it. */
function listLengths(pointers: Iterable<string>): Map<string, number> {
  const lengths = new Map<string, number>();
  for (const pointer of pointers) {
    for (let at = pointer.indexOf("/", 1); ; at = pointer.indexOf("/", at + 1)) {
      const head = at < 0 ? pointer : pointer.slice(0, at);
      const cut = head.lastIndexOf("/");
      const place = Number(head.slice(cut + 1));
      const list = head.slice(0, cut);
      if (Number.isInteger(place) && head.slice(cut + 1) !== "") {
        lengths.set(list, Math.max(lengths.get(list) ?? 0, place + 1));
      }
      if (at < 0) break;
    }
  }
  return lengths;
}
