import { ClewError, redact } from "@clew/core";

/**
 * What a live function failed with, as an error that holds no key: clients hang the request with its headers on their
 * errors, so the cause is a copy of name, message, status and code alone.
 *
 * @param origin name of the retriever, for the message
 */
export function liveFailure(error: unknown, origin: string, secrets: readonly string[]): ClewError {
  const { name, message, code, status, response } = fieldsOf(error);
  const told = redact(typeof message === "string" ? message : String(error), secrets);
  const known = ClewError.isInstance(error);
  const http = [status, fieldsOf(response).status].find((value) => typeof value === "number") as number | undefined;
  const cause = Object.assign(new Error(told), {
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    ...(http === undefined ? {} : { status: http }),
  });
  if (known) return new ClewError(error.code, told, { cause });
  const refused = http === 401 || http === 403;
  const hint = refused ? " Check its key and what it is allowed to do." : "";
  return new ClewError(
    refused ? "service-refused" : "retriever-failed",
    `The live source "${origin}" failed: ${told}${hint}`,
    { cause },
  );
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
