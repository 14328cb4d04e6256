import type { PolicyState, Route } from "@clew/core";
import { analyzer } from "@clew/core/text";
import { resolveFollowUp } from "../extractive/resolve-follow-up.js";

const terms = analyzer();

/** A router's route; where it left the question as it was asked, the rules for follow-ups are tried on it. */
export function withFollowUp(route: Route, { question, conversation }: PolicyState): Route {
  if (route.kind !== "retrieve" || route.question.trim() !== question.trim()) return route;
  const resolved = resolveFollowUp(question, conversation, terms);
  if (resolved.carried === undefined) return route;
  return { ...route, question: resolved.question, why: `${route.why}; a follow-up: ${resolved.carried}` };
}
