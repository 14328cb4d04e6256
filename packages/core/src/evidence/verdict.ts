/**
 * What code (and a judge, if there is one) found of a sentence:
 * - `supported`: its quotes are verbatim, and they hold every number, date and name in it
 * - `unsupported`: it cites, but its quotes do not hold what it says
 * - `uncited`: it claims something and cites nothing
 * - `conflicting`: its quotes, or two sources, say different things
 */
export type Verdict = "supported" | "unsupported" | "uncited" | "conflicting";
