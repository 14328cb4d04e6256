import type { BudgetLimit } from "../run/budget.js";
import type { Charge, Meter, Reservation } from "../run/meter.js";
import { type ModelPrice, usdOf } from "./prices.js";
import type { PromptTokens } from "./prompt-tokens.js";

/** Options of {@link reserveAnswer}. */
export interface ReserveAnswerOptions {
  readonly meter: Meter;
  readonly price: ModelPrice | undefined;
  readonly prompt: PromptTokens;
  /** Most tokens of the answer that are wanted. */
  readonly maxTokens: number;
  /** Fewest that are of use. */
  readonly minTokens: number;
  /** Tokens that the model takes, prompt and answer together. @default no limit */
  readonly contextTokens: number | undefined;
}

/** Room for a request, or what leaves none; `context` is the model's own limit. */
export type ReservedAnswer =
  | { readonly reservation: Reservation; readonly maxTokens: number; readonly worst: Charge }
  | { readonly refused: readonly (BudgetLimit | "context")[] };

/** Sets the worst case of a request aside, its answer shortened to what tokens, money and the model's context leave. */
export function reserveAnswer({
  meter,
  price,
  prompt,
  maxTokens,
  minTokens,
  contextTokens = Number.POSITIVE_INFINITY,
}: ReserveAnswerOptions): ReservedAnswer {
  const inputTokens = prompt.worst;
  const usdLeft = meter.remaining("usd") - usdOf(price, { inputTokens, calls: 1 });
  const perToken = usdOf(price, { outputTokens: 1 });
  const room = {
    tokens: meter.remaining("tokens") - inputTokens,
    usd: perToken === 0 ? (usdLeft < 0 ? -1 : Number.POSITIVE_INFINITY) : Math.floor(usdLeft / perToken),
    context: contextTokens - prompt.likely,
  };
  const least = Math.min(minTokens, maxTokens);
  const refused = (["tokens", "usd", "context"] as const).filter((limit) => room[limit] < least);
  if (refused.length > 0) return { refused };
  const affordable = Math.min(maxTokens, room.tokens, room.usd, room.context);
  // one token less where the last digit of a product says otherwise than the quotient
  for (const outputTokens of [affordable, affordable - 1]) {
    const spent = { inputTokens, outputTokens, calls: 1 };
    const worst = { ...spent, usd: usdOf(price, spent) };
    const reservation = meter.reserve(worst);
    if (!("refused" in reservation)) return { reservation, maxTokens: outputTokens, worst };
    if (reservation.refused.some((limit) => limit !== "usd") || outputTokens <= least) return reservation;
  }
  return { refused: ["usd"] };
}
