import type { FieldValue, LeafForm } from "@clew/core";
import { holdsNumber, type NumberGround } from "./holds-number.js";
import { findText, holdsDate } from "./holds-text.js";
import { wordsOf } from "./leaves-of.js";

/**
 * Whether code sees a value in a quote.
 *
 * @returns the value, a text as the quote writes it; undefined where it does not, and for booleans, which no quote holds as such
 */
export function holdsValue(leaf: LeafForm, value: FieldValue, ground: NumberGround): FieldValue | undefined {
  switch (leaf.kind) {
    case "number":
      return typeof value === "number" && holdsNumber(value, ground) ? value : undefined;
    case "date":
      return typeof value === "string" && holdsDate(value, ground.quote) ? value : undefined;
    case "text":
      return typeof value === "string" ? findText(value, ground.quote) : undefined;
    case "choice":
      if (typeof value === "number") return holdsNumber(value, ground) ? value : undefined;
      if (typeof value === "boolean") return undefined;
      return findText(value, ground.quote) === undefined && findText(wordsOf(value), ground.quote) === undefined
        ? undefined
        : value;
    case "boolean":
      return undefined;
  }
}
