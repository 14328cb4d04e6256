import { ClewError, type ClewErrorCode } from "../errors/clew-error.js";
import { redact } from "../errors/redact.js";
import type { JsonObject } from "../json.js";

/** A call that failed when its run was recorded, and fails again where the run is replayed. */
export class RecordedFailure extends Error {
  override readonly name = "RecordedFailure";

  /** @param data what the record says of it */
  constructor(readonly data: JsonObject) {
    super(typeof data.message === "string" ? data.message : "This call failed when the run was recorded.");
  }
}

/** What the record keeps of a failure of unknown hand: its code, where it is one of the library's, and its message without keys. */
export function failureData(error: unknown): JsonObject & { readonly message: string } {
  const message = redact(error instanceof Error ? error.message : String(error));
  return ClewError.isInstance(error) ? { code: error.code, message } : { message };
}

/** A recorded failure as it was thrown. */
export function failureAgain({ data }: RecordedFailure): Error {
  const message = String(data.message ?? "");
  return typeof data.code === "string" ? new ClewError(data.code as ClewErrorCode, message) : new Error(message);
}
