import { checkKeys, invalidOption } from "@clew/core";
import { extractor } from "./extractor.js";
import { grader } from "./grader.js";
import { judge } from "./judge.js";
import { planner } from "./planner.js";
import { repair } from "./repair.js";
import { router } from "./router.js";
import { writer } from "./writer.js";

/**
 * The system prompt of each role. Plain texts, never templates: question, conversation and evidence reach the model in a
 * message of their own.
 */
export interface Prompts {
  readonly router: string;
  readonly planner: string;
  readonly grader: string;
  readonly writer: string;
  readonly repair: string;
  readonly judge: string;
  /** Asks the writer, and the repair role, for values in place of sentences. */
  readonly extractor: string;
}

/** The prompts of the library. */
export const defaultPrompts: Prompts = Object.freeze({ router, planner, grader, writer, repair, judge, extractor });

/**
 * The prompts of the library with some of them replaced.
 *
 * @throws ClewError `invalid-option` for an unknown role or an empty prompt
 */
export function promptsWith(replaced: Partial<Prompts>): Prompts {
  checkKeys("prompts", replaced, Object.keys(defaultPrompts));
  const given = Object.entries(replaced).filter(([, text]) => text !== undefined);
  for (const [role, text] of given) {
    if (typeof text !== "string" || text.trim() === "")
      throw invalidOption(`prompts.${role}`, "a text that is not empty", text);
  }
  return { ...defaultPrompts, ...Object.fromEntries(given) };
}
