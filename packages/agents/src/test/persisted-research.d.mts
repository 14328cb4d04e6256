import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { ResearcherOptions } from "../researcher/researcher.js";

export const question: string;
export function said(system: string, user: string): object | string;
export function researchOptionsOf(
  checkpointer: BaseCheckpointSaver | undefined,
  paid: (what: "model" | "search") => unknown,
): ResearcherOptions;
