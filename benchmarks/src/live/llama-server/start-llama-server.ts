import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ClewError } from "@clew/core";
import { installLlamaServer, python } from "./install-llama-server.js";

/** llama.cpp's own HTTP server. */
export interface LlamaServer {
  /** Without a path. */
  readonly url: string;
  /** Whether it works on a request. */
  isBusy(): Promise<boolean>;
  close(): Promise<void>;
}

/** Options of {@link startLlamaServer}. */
export interface StartLlamaServerOptions {
  /** The model's file. */
  readonly file: string;
  /** Name under which it is served. */
  readonly name: string;
  /** Adapter that a request can ask for, as number 0. @default none */
  readonly adapter?: string | undefined;
  readonly threads: number;
}

const script = fileURLToPath(new URL("../../../live/llama-server.py", import.meta.url));
const closesWithin = 5_000;
const keptLog = 4_000;

/**
 * Starts llama.cpp's own server on a free port of the loopback. It ends with this process, however this ends.
 *
 * @throws ClewError `missing-package` where it cannot be installed, `model-failed` where it does not start
 */
export async function startLlamaServer({
  file,
  name,
  adapter,
  threads,
}: StartLlamaServerOptions): Promise<LlamaServer> {
  const packages = await installLlamaServer();
  const asked = JSON.stringify({ model: file, name, adapter: adapter ?? null, threads });
  const child = spawn(python(), [script, asked], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, PYTHONPATH: packages },
  });
  // a server that has ended already takes no more input
  child.stdin.on("error", () => {});
  let log = "";
  child.stderr.on("data", (text) => {
    log = `${log}${text}`.slice(-keptLog);
  });
  const close = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    const late = setTimeout(() => child.kill("SIGKILL"), closesWithin);
    child.stdin.end();
    await ended;
    clearTimeout(late);
  };
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
      if (said.includes("\n")) resolve((JSON.parse(said) as { url: string }).url);
    });
    const fail = (what: string, cause?: Error): void =>
      reject(new ClewError("model-failed", `llama.cpp's server did not start: ${what}\n${log}`, { cause }));
    child.once("error", (cause) => fail(cause.message, cause));
    child.once("close", (code, signal) => fail(`it ended with ${signal ?? code}.`));
  });
  const isBusy = async (): Promise<boolean> => {
    const slots = (await (await fetch(`${url}/slots`)).json()) as readonly { readonly is_processing: boolean }[];
    return slots.some(({ is_processing }) => is_processing);
  };
  return { url, isBusy, close };
}
