import type { CallSite } from "./journal.js";

/** Identity of a call within all runs: the run, the node, the branch and the position, each percent-encoded. */
export const callId = (run: string, { node, branch, ordinal }: CallSite): string =>
  [run, node, branch, ordinal].map((part) => encodeURIComponent(String(part))).join("/");
