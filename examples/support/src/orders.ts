import { type frozenStore, live } from "clew";

/** An order as the shop's order service has it. */
export interface Order {
  readonly number: string;
  readonly ordered: string;
  readonly items: string;
  readonly state: string;
}

const numbers = /\bLX-?(\d{4})\b/gi;
/** Without a number, these words ask for whatever the customer has ordered. */
const ownOrders = /\b(?:my|our)\b.*\b(?:orders?|parcels?|packages?|deliver(?:y|ies)|shipments?)\b/i;

/**
 * Looks orders up in the shop's order service while a question is answered. Who asks comes from the run's scope, which the
 * server has set: nothing that a customer or a document says can make it look into somebody else's orders. What came stays in
 * the store as it was, for the proof of an answer.
 */
export const orders = (service: string, store: ReturnType<typeof frozenStore>) =>
  live(
    async (query, { scope, signal }) => {
      const customer = scope?.principals?.find((one) => one.startsWith("customer:"))?.slice("customer:".length);
      if (customer === undefined) return [];
      const named = [...query.matchAll(numbers)].map(([, digits]) => `LX-${digits}`);
      if (named.length === 0 && !ownOrders.test(query)) return [];
      const response = await fetch(`${service}/customers/${encodeURIComponent(customer)}/orders`, { signal });
      if (!response.ok) {
        throw Object.assign(new Error(`The order service said ${response.status}.`), {
          status: response.status,
          headers: response.headers,
        });
      }
      const own = (await response.json()) as Order[];
      return own
        .filter(({ number }) => named.length === 0 || named.includes(number))
        .map(({ number, ordered, items, state }) => ({
          id: number,
          title: `Order ${number}`,
          // whole sentences: an answer without a model quotes them as they are
          text: `Order ${number} ${state}. This parcel holds what was ordered on ${ordered}: ${items}.`,
          metadata: { order: number },
        }));
    },
    { name: "orders", store, retries: 1, timeoutMs: 5000 },
  );
