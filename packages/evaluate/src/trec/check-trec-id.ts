import { invalidOption } from "@clew/core";

/** Refuses what a column cannot hold. */
export function checkTrecId(option: string, id: string): string {
  if (id === "" || /\s/.test(id)) throw invalidOption(option, "made of ids without white space, as TREC files are", id);
  return id;
}
