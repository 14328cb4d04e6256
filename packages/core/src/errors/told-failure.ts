import { ClewError } from "./clew-error.js";
import { redact } from "./redact.js";

/**
 * A failure as callbacks are told it: services that keep runs see no key of what a client let slip. Its kind, code and stack
 * stay, its cause does not.
 */
export function toldFailure(failure: unknown): Error {
  const message = redact(failure instanceof Error ? failure.message : String(failure));
  const told = ClewError.isInstance(failure) ? new ClewError(failure.code, message) : named(failure, message);
  if (failure instanceof Error) {
    const frames = (failure.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    told.stack = [`${told.name}: ${message}`, ...frames].join("\n");
  }
  return told;
}

function named(failure: unknown, message: string): Error {
  const error = new Error(message);
  if (failure instanceof Error) error.name = failure.name;
  return error;
}
