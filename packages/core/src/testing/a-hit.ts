import type { Explain } from "../search/explain.js";
import type { Hit } from "../search/hit.js";
import { aPassage, type PassageFields } from "./a-passage.js";

/** What a test cares about in a hit: its score, its explanation, and any field of its passage. */
export interface HitFields extends PassageFields {
  readonly score?: number | undefined;
  readonly explain?: Explain | undefined;
}

/** A hit with the fields given: score 1, an explanation of kind `other`, and the passage of `aPassage`. */
export function aHit({
  score = 1,
  explain = { kind: "other", name: "test", detail: {} },
  ...passage
}: HitFields = {}): Hit {
  return { passage: aPassage(passage), score, explain };
}
