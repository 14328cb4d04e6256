import { access } from "node:fs/promises";

/** What a command sees of the world, so that tests can look over its shoulder. */
export interface Terminal {
  /** Writes to standard output. */
  print(text: string): void;
  /** Writes to standard error: progress, remarks. */
  say(text: string): void;
  readonly stderr: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
  exists(path: string): Promise<boolean>;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The terminal of this process. */
export const processTerminal = (signal: AbortSignal): Terminal => ({
  print: (text) => void process.stdout.write(`${text}\n`),
  say: (text) => void process.stderr.write(`${text}\n`),
  stderr: process.stderr,
  environment: process.env,
  exists: async (path) => {
    try {
      await access(path);
      return true;
    } catch {
      return false; // the one question asked: is it there
    }
  },
  signal,
});
