import type { EvidenceId, Passage, PolicyState } from "@clew/core";

/** The passages of the evidence that a prompt shows. */
export const passagesOf = ({ evidence }: PolicyState, shown: readonly EvidenceId[]): Passage[] =>
  evidence.filter(({ id }) => shown.includes(id)).map(({ passage }) => passage);
