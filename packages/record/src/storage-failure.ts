import { ClewError } from "@clew/core";

/** Does something with files; what the file system refuses becomes `storage-failed`. */
export async function stored<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = codeOf(cause);
    if (ClewError.isInstance(cause) || code === undefined) throw cause;
    const reason = code === "ENOSPC" ? "the disk is full" : code;
    throw new ClewError("storage-failed", `${what} failed (${reason}): nothing that was kept before is lost.`, {
      cause,
    });
  }
}

/** The code of an error of the file system; undefined for any other. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && "syscall" in (error as object) ? code : undefined;
}

/** What a file operation gives, or undefined where there is no such file. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
