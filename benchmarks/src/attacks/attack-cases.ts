import type { AttackCase } from "./attack-case.js";
import { acrossTurns } from "./families/across-turns.js";
import { budgetBurning } from "./families/budget-burning.js";
import { closingTheFence } from "./families/closing-the-fence.js";
import { encoded } from "./families/encoded.js";
import { fakeTurns } from "./families/fake-turns.js";
import { falseQuotes } from "./families/false-quotes.js";
import { forgedEvidence } from "./families/forged-evidence.js";
import { inTheQuestion } from "./families/in-the-question.js";
import { invisibleText } from "./families/invisible-text.js";
import { languages } from "./families/languages.js";
import { links } from "./families/links.js";
import { liveResults } from "./families/live-results.js";
import { metadata } from "./families/metadata.js";
import { roleTokens } from "./families/role-tokens.js";
import { scopeWidening } from "./families/scope-widening.js";
import { sourceForging } from "./families/source-forging.js";
import { templateSyntax } from "./families/template-syntax.js";
import { toolArguments } from "./families/tool-arguments.js";

/** The attack set. */
export const attackCases: readonly AttackCase[] = [
  ...closingTheFence,
  ...forgedEvidence,
  ...fakeTurns,
  ...roleTokens,
  ...templateSyntax,
  ...invisibleText,
  ...metadata,
  ...links,
  ...toolArguments,
  ...budgetBurning,
  ...scopeWidening,
  ...sourceForging,
  ...acrossTurns,
  ...inTheQuestion,
  ...liveResults,
  ...languages,
  ...encoded,
  ...falseQuotes,
];
