/** Options of {@link ApiError}. */
export interface ApiErrorOptions {
  /** HTTP status. @default 400 */
  readonly status?: number | undefined;
  /** Machine-readable reason, such as `context_length_exceeded`. @default null */
  readonly code?: string | undefined;
  /** Field of the request that is to blame. @default null */
  readonly param?: string | undefined;
  readonly cause?: unknown;
}

/**
 * An error in the form that OpenAI's interface gives errors.
 *
 * @see https://platform.openai.com/docs/guides/error-codes
 */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;

  constructor(message: string, { status = 400, code, param, cause }: ApiErrorOptions = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.status = status;
    this.code = code ?? null;
    this.param = param ?? null;
  }

  /** The body of the response. */
  toJSON(): { error: { message: string; type: string; param: string | null; code: string | null } } {
    const type = this.status >= 500 ? "server_error" : "invalid_request_error";
    return { error: { message: this.message, type, param: this.param, code: this.code } };
  }
}
