import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import * as clew from "clew";
import { orders } from "./orders.js";

/** What the support chat is made of. */
export interface Support {
  /** The agent of one customer: it sees the product docs and this customer's orders, nothing else. */
  agentOf(customer: string): ReturnType<typeof clew.createRetrievalAgent>;
  /** The texts that an answer of this customer cites, as they were when it was given. */
  textsOf(customer: string, answer: clew.Answer): Promise<clew.SourceText[]>;
  close(): Promise<void>;
}

/** Options of {@link openSupport}. */
export interface SupportOptions {
  /** Folder of the product docs. */
  readonly docs: string;
  /** Folder for the index, the threads and the record. */
  readonly data: string;
  /** Address of the order service. */
  readonly orders: string;
  /** A chat model that writes, such as `vllm:http://gpu:8000/v1#my-lora`. @default none: docs are quoted */
  readonly model?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Indexes the docs, as far as they are new, and makes agents over them. */
export async function openSupport({ docs, data, orders: service, model, signal }: SupportOptions): Promise<Support> {
  await mkdir(data, { recursive: true });
  const embedder = clew.miniLM();
  const index = await clew.openIndex(join(data, "index"), { embedder });
  const listing = clew.files([docs], { base: docs, signal });
  const report = await index.sync(clew.scope("shop"), listing, { removeMissing: true, signal });
  console.log(clew.formatSync(report));
  const checkpointer = SqliteSaver.fromConnString(join(data, "threads.db"));
  // what was asked, found and answered, and what customers say of it, each under the scope of its customer
  const traces = clew.fileTraces(join(data, "record"));
  const frozen = clew.frozenStore();
  const scopeOf = (customer: string) => clew.scope("shop", { principals: [`customer:${customer}`] });
  const writer =
    model === undefined
      ? { policy: clew.extractivePolicy({ quotes: 2 }) }
      : { models: clew.modelSource(clew.endpointFromSpec(model, { maxRetries: 1 })) };
  return {
    agentOf: (customer) => {
      const scope = scopeOf(customer);
      return clew.createRetrievalAgent({
        scope,
        sources: {
          docs: {
            retriever: clew.hybrid(index.in(scope)),
            about:
              "Product manuals: lights, battery, charging, mounting, pairing, warranty, repairs, returns, refunds, shipping.",
          },
          orders: {
            retriever: orders(service, frozen),
            about: "Orders of the customer who asks, by number such as LX-1042: where my order or parcel is.",
          },
        },
        checkpointer,
        traces,
        // the second round asks the other source where the first has nothing
        budget: { hops: 2, ms: 60_000 },
        ...writer,
      });
    },
    textsOf: async (customer, { citations }) => {
      const ids = [...new Set(citations.map(({ source }) => source))];
      const texts = await index
        .in(scopeOf(customer))
        .read((snapshot) =>
          Promise.all(ids.map(async (id) => (await frozen.get(id))?.text ?? (await snapshot.sourceText(id)))),
        );
      return texts.filter((text) => text !== undefined);
    },
    close: async () => {
      checkpointer.db.close();
      await index.close();
      await embedder.close();
    },
  };
}
