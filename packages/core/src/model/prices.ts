import { checkKeys } from "../errors/check-keys.js";
import { nonNegative } from "../errors/check-number.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Charge } from "../run/meter.js";
import { type Note, note } from "../run/note.js";

/** What a model costs, in US dollars for a million tokens. */
export interface ModelPrice {
  readonly inputPerMillion: number;
  /** 0 for embedders and rerankers, which write nothing. */
  readonly outputPerMillion: number;
  /** Input that the service had in its cache and says so. @default inputPerMillion */
  readonly cachedInputPerMillion?: number | undefined;
  /** Beside the tokens, for each request. @default 0 */
  readonly perRequest?: number | undefined;
}

/** Prices by model id, as the id is served: `ServedModel.served` (see {@link priceOfServed}), an embedder's fingerprint id, a reranker's model. */
export type Prices = Readonly<Record<string, ModelPrice>>;

const fields = ["inputPerMillion", "outputPerMillion", "cachedInputPerMillion", "perRequest"] as const;

/**
 * Returns the prices when each is made of finite numbers of 0 or more.
 *
 * @throws ClewError `invalid-option`
 */
export function checkPrices(prices: Prices): Prices {
  for (const [id, price] of Object.entries(prices)) {
    const name = `prices[${JSON.stringify(id)}]`;
    if (typeof price !== "object" || price === null) {
      throw invalidOption(name, "an object { inputPerMillion, outputPerMillion }", price);
    }
    checkKeys(name, price, fields);
    for (const field of fields) {
      const optional = field === "cachedInputPerMillion" || field === "perRequest";
      if (price[field] !== undefined || !optional) nonNegative(`${name}.${field}`, price[field] as number);
    }
  }
  return prices;
}

/** The price of a model; undefined where the table does not name it. */
export const priceOf = (prices: Prices | undefined, id: string): ModelPrice | undefined =>
  prices !== undefined && Object.hasOwn(prices, id) ? prices[id] : undefined;

/**
 * The price of what serves. A name of the form `kind:model on BASE@REVISION`, as endpoints give it, is found whole, and
 * also by its beginning without the revision, without the base, and by `model` alone: the longest name in the table counts.
 */
export function priceOfServed(prices: Prices | undefined, served: string): ModelPrice | undefined {
  const [adapter = served] = served.split(" on ", 1);
  const names = [served, served.replace(/@[^@]*$/, ""), adapter, adapter.replace(/@[^@]*$/, "")];
  const known = [...names, ...names.map((name) => name.replace(/^[a-z-]+:/, ""))].find(
    (name) => priceOf(prices, name) !== undefined,
  );
  return known === undefined ? undefined : priceOf(prices, known);
}

/** A note on a model that is used under a limit of money though its price is not known. */
export const priceUnknown = (id: string): Note =>
  note("x-price-unknown", `The price of ${id} is not known: it counts as 0 against the limit of usd.`, { model: id });

/** What {@link usdOf} puts a price on. */
export interface Spent extends Pick<Charge, "inputTokens" | "outputTokens" | "calls"> {
  /** Of the input tokens, those that came out of the service's cache. @default 0 */
  readonly cachedInputTokens?: number | undefined;
}

/** US dollars for what was spent; 0 without a price. */
export function usdOf(
  price: ModelPrice | undefined,
  { inputTokens = 0, outputTokens = 0, calls = 0, cachedInputTokens = 0 }: Spent,
): number {
  if (price === undefined) return 0;
  const { inputPerMillion, outputPerMillion, cachedInputPerMillion = inputPerMillion, perRequest = 0 } = price;
  const cached = Math.min(cachedInputTokens, inputTokens);
  const millionths =
    (inputTokens - cached) * inputPerMillion + cached * cachedInputPerMillion + outputTokens * outputPerMillion;
  return millionths / 1e6 + calls * perRequest;
}
