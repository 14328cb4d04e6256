import { ClewError, type ClewErrorCode, redact } from "@clew/core";
import { fieldsOf, textOf } from "./body-style.js";

/** Options of {@link sagemakerFailure}. */
export interface SagemakerFailureOptions {
  readonly endpoint: string;
  /** Taken out wherever they stand. */
  readonly secrets: readonly string[];
  /** Code of failures that have no other. @default "model-failed" */
  readonly failed?: ClewErrorCode | undefined;
}

/**
 * The typed error for whatever the SDK throws, with `status` and `headers` where `retryRequest` looks for them. Its
 * message and its `cause` hold no credential.
 */
export function sagemakerFailure(
  error: unknown,
  { endpoint, secrets, failed = "model-failed" }: SagemakerFailureOptions,
): ClewError {
  if (ClewError.isInstance(error)) return error;
  const fields = fieldsOf(error) ?? {};
  const name = textOf(fields.name) ?? "Error";
  const said = redact(textOf(fields.OriginalMessage) ?? textOf(fields.message) ?? String(error), secrets);
  const response = (error as { $response?: { headers?: Record<string, string> } } | undefined)?.$response;
  const status = statusOf(fields, name);
  const retryAfter = response?.headers?.["retry-after"];
  const reason = textOf(fields.ErrorCode);
  const happened = status === undefined && unreachable.test(`${name} ${said}`) ? "could not be reached" : "failed";
  const message = `The SageMaker endpoint ${endpoint} ${happened} (${[name, reason, status].filter(Boolean).join(", ")}): ${said}`;
  const cause = Object.assign(new Error(said), { name, status });
  return Object.assign(
    new ClewError(codeOf(name, status, said) ?? failed, `${message}${hintOf(name, status, said)}`, { cause }),
    {
      status,
      headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
    },
  );
}

const unreachable = /ECONN|ENOTFOUND|EAI_AGAIN|EPIPE|ENETUNREACH|EHOSTUNREACH|socket hang up|connect /i;

/** Streams fail with these after their headers have come with status 200. */
const inStream: Readonly<Record<string, number>> = { InternalStreamFailure: 500, ModelStreamError: 500 };

function statusOf(fields: Readonly<Record<string, unknown>>, name: string): number | undefined {
  if (/throttl|TooManyRequests/i.test(name)) return 429;
  if (Object.hasOwn(inStream, name)) return inStream[name];
  // a ModelError is the container's own failure, wrapped in 424
  if (typeof fields.OriginalStatusCode === "number") return fields.OriginalStatusCode;
  const { httpStatusCode } = fieldsOf(fields.$metadata) ?? {};
  // what broke off after its headers has a status of 200 and no answer
  return typeof httpStatusCode === "number" && httpStatusCode >= 300 ? httpStatusCode : undefined;
}

function codeOf(name: string, status: number | undefined, message: string): ClewErrorCode | undefined {
  if (/credentials?provider|CredentialsError/i.test(name) || /could not load credentials/i.test(message)) {
    return "missing-key";
  }
  if (/region is missing/i.test(message)) return "invalid-option";
  if (
    status === 404 ||
    (status === 400 && /(?:endpoint|component|variant|model)\b.{0,200}not (?:be )?f(?:ound|ind)/i.test(message))
  ) {
    return "not-found";
  }
  return status === 401 || status === 403 ? "service-refused" : undefined;
}

function hintOf(name: string, status: number | undefined, message: string): string {
  if (/credentials?provider/i.test(name)) return " Give { credentials }, or set up the AWS credentials chain.";
  if (/region is missing/i.test(message)) return " Give { region }, or set AWS_REGION.";
  if (status === 403) return " Check that the identity may call sagemaker:InvokeEndpoint.";
  return "";
}
