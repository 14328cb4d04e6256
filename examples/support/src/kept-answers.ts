import type { AgentAnswer } from "clew";

/** The last answers, for the customers who got them. */
export interface KeptAnswers {
  keep(customer: string, answer: AgentAnswer): void;
  /** @returns undefined for an answer that another customer got, too */
  get(customer: string, id: string): AgentAnswer | undefined;
}

/** Keeps so many answers in memory; the oldest go first. */
export function keptAnswers({ most }: { most: number }): KeptAnswers {
  const kept = new Map<string, { readonly customer: string; readonly answer: AgentAnswer }>();
  return {
    keep: (customer, answer) => {
      kept.set(answer.id, { customer, answer });
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break;
        kept.delete(oldest);
      }
    },
    get: (customer, id) => {
      const found = kept.get(id);
      return found?.customer === customer ? found.answer : undefined;
    },
  };
}
