import { checkKeys } from "../errors/check-keys.js";
import { ClewError } from "../errors/clew-error.js";
import { invalidOption } from "../errors/invalid-option.js";
import type { Index } from "../index/index-port.js";
import { note } from "../run/note.js";
import { type Runtime, systemRuntime } from "../run/runtime.js";
import type { Scope } from "../scope/scope.js";
import type { Passage } from "../source/passage.js";
import type { SourceId } from "../source/source.js";
import type { Erasable, ErasedPlace, EraseReceipt } from "./erasure.js";

/** Keeps receipts, and only ever adds to them. */
export interface EraseReceipts {
  append(receipt: EraseReceipt): Promise<void>;
}

/** Options of {@link eraser}. */
export interface EraserOptions {
  /** Its tenant is the one whose source is erased; its principals do not matter. */
  readonly scope: Scope;
  /** Where the source is indexed. It knows the passages, and so it is the last to forget. @default none */
  readonly index?: Pick<Index, "erase" | "passagesOf"> | undefined;
  /**
   * Whatever else keeps what sources said, asked in this order: caches, checkpoints, traces. The names stand in the
   * receipt for a place that fails.
   */
  readonly places?: Readonly<Record<string, Erasable>> | undefined;
  /** Keeps each receipt. @default the caller alone has it */
  readonly receipts?: EraseReceipts | undefined;
  /** Time and identity of the receipts. @default `systemRuntime` */
  readonly runtime?: Pick<Runtime, "now" | "id"> | undefined;
}

/** Forgets sources, everywhere at once. */
export interface Eraser {
  /**
   * Erases a source from every place, the index last: an erasure that was killed half way is simply done again. A place
   * that fails does not stop the others; the receipt is then not `complete`, says why, and erasing again finishes it. A
   * source that nobody knows is looked for all the same: it may be gone from the index and live on in a trace.
   *
   * @throws the signal's reason: then there is no receipt, and the source has to be erased again
   */
  erase(source: SourceId, options?: { readonly signal?: AbortSignal | undefined }): Promise<EraseReceipt>;
}

/**
 * Makes an {@link Eraser} for one tenant. Erasing is an act of the tenant, as `index.remove` is: whoever holds the scope
 * and the places erases a source for all of its principals, whether or not they themselves may see it.
 *
 * @throws ClewError `invalid-option`
 */
export function eraser(options: EraserOptions): Eraser {
  const known = ["scope", "index", "places", "receipts", "runtime"] satisfies (keyof EraserOptions)[];
  checkKeys("eraser", options, known);
  const { scope, index, places = {}, receipts, runtime = systemRuntime } = options;
  const others = Object.entries(places);
  if (index === undefined && others.length === 0) throw invalidOption("places", "one place at least, or an index");

  return {
    erase: async (source, { signal } = {}) => {
      signal?.throwIfAborted();
      const erased: ErasedPlace[] = [];
      const attempt = async (name: string, work: () => Promise<readonly ErasedPlace[]>): Promise<void> => {
        try {
          erased.push(...(await work()));
        } catch (error) {
          signal?.throwIfAborted();
          erased.push({ place: name, removed: {}, notes: [note("not-erased", failureOf(name, error))] });
        }
      };
      let passages: readonly Passage[] = [];
      let unread: unknown;
      try {
        passages = (await index?.passagesOf(scope, source, { signal })) ?? [];
      } catch (error) {
        signal?.throwIfAborted();
        unread = error;
      }
      const request = { source, passages, signal };
      for (const [name, place] of others) await attempt(name, () => place.erase(scope, request));
      if (index !== undefined) {
        await attempt("index", async () => {
          // what cannot be read must not be the end of what would find its copies
          if (unread !== undefined) throw unread;
          return index.erase(scope, request);
        });
      }
      const receipt = {
        id: runtime.id(),
        at: runtime.now(),
        tenant: scope.tenant,
        source,
        places: erased,
        complete: erased.every(isDone),
      };
      if (receipts === undefined) return receipt;
      try {
        await receipts.append(receipt);
        return receipt;
      } catch (error) {
        const lost = note("not-erased", `The receipt could not be kept. ${failureOf("receipts", error)}`);
        const kept = [...erased, { place: "receipts", removed: {}, notes: [lost] }];
        return { ...receipt, places: kept, complete: false };
      }
    },
  };
}

const isDone = ({ notes }: ErasedPlace): boolean => notes.every(({ code }) => code !== "not-erased");

/** Says what failed. Of errors that are not ours the message stays out: it may repeat the text. */
const failureOf = (name: string, error: unknown): string => {
  const why = ClewError.isInstance(error)
    ? error.message
    : `It threw ${error instanceof Error ? error.name : typeof error}.`;
  return `"${name}" failed, so what it holds is still there: ${why} Erase the source again.`;
};
