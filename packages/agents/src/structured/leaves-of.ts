import type { Form, LeafForm, ObjectForm } from "@clew/core";
import { pathOf, pointerOf } from "./pointer.js";

/** A leaf of a form under its path; `*` stands for the places of a list. */
export interface FormLeaf {
  readonly path: readonly string[];
  readonly leaf: LeafForm;
}

/** The leaves of a form, in order. */
export function leavesOf(form: Form, path: readonly string[] = []): FormLeaf[] {
  if (form.kind === "object") {
    return Object.entries(form.fields).flatMap(([key, part]) => leavesOf(part, [...path, key]));
  }
  if (form.kind === "list") return leavesOf(form.of, [...path, "*"]);
  return [{ path, leaf: form }];
}

/** The leaf that a pointer leads to; undefined where it leads to none. */
export function leafAt(form: ObjectForm, pointer: string): LeafForm | undefined {
  let part: Form | undefined = form;
  for (const step of pathOf(pointer)) {
    if (part?.kind === "object") part = Object.hasOwn(part.fields, step) ? part.fields[step] : undefined;
    else if (part?.kind === "list") part = /^(?:0|[1-9]\d{0,2})$/.test(step) ? part.of : undefined;
    else return undefined;
  }
  return part === undefined || part.kind === "object" || part.kind === "list" ? undefined : part;
}

/** What a leaf is, in words for people and models: its path, and what the schema says of it. */
export const labelOf = (path: readonly (string | number)[], { about }: LeafForm): string =>
  `${pointerOf(path)}${about === undefined ? "" : `: ${about}`}`;

/** The fields of a form, a line for each, for models. */
export const fieldsAsText = (form: ObjectForm | undefined): string =>
  form === undefined
    ? ""
    : leavesOf(form)
        .map(({ path, leaf }) => `- ${labelOf(path, leaf)} (${leaf.choices?.join(" | ") ?? leaf.kind})`)
        .join("\n");

/** The words of a name in a schema: `fiscalYearEnd` and `fiscal_year_end` are "fiscal year end". */
export const wordsOf = (name: string): string =>
  name
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .replace(/[_\-.]+/g, " ")
    .toLowerCase()
    .trim();
