import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Replies, Reply, Request } from "./protocol.js";

/** A child process that runs one system, seen from its parent. */
export interface SystemProcess {
  /**
   * @throws Error with the child's own message, or when it ended or took longer than the limit; it is ended then
   */
  ask<A extends Request["ask"]>(request: Request & { ask: A }, limitMs: number): Promise<Replies[A]>;
  /** Ends it; resolves when it has ended. */
  end(): Promise<void>;
}

const child = fileURLToPath(new URL("child.js", import.meta.url));
const heapMegabytes = 8192;

/** Starts the child process of a system. */
export function systemProcess(name: string): SystemProcess {
  const running: ChildProcess = fork(child, [name], {
    execArgv: ["--expose-gc", `--max-old-space-size=${heapMegabytes}`],
    env: { ...process.env, LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false" },
    // peers print what they like; it is no part of the report
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let complaint = "";
  running.stderr?.on("data", (chunk: Buffer) => {
    complaint = `${complaint}${chunk}`.slice(-2000);
  });
  const ended = new Promise<void>((resolve) => {
    running.once("exit", () => resolve());
    running.once("error", () => resolve());
  });
  const end = async (): Promise<void> => {
    if (running.exitCode === null && running.signalCode === null) running.kill("SIGKILL");
    await ended;
  };
  return {
    end,
    ask: async (request, limitMs) => {
      let timer: NodeJS.Timeout | undefined;
      let onMessage: ((reply: Reply) => void) | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`took longer than ${Math.round(limitMs / 1000)} s to ${request.ask}`)),
          limitMs,
        );
      });
      const gone = ended.then(() => {
        const why = running.signalCode ?? `exit code ${running.exitCode}`;
        throw new Error(`its process ended with ${why}${lastLine(complaint)}`);
      });
      gone.catch(() => undefined); // told only when it comes first
      const reply = new Promise<Reply>((resolve) => {
        onMessage = resolve;
        running.once("message", onMessage);
        if (running.connected) running.send(request);
      });
      try {
        const answer = await Promise.race([reply, late, gone]);
        if (!answer.ok) throw new Error(answer.error);
        return answer.value as never;
      } catch (error) {
        await end();
        throw error;
      } finally {
        clearTimeout(timer);
        if (onMessage !== undefined) running.off("message", onMessage);
      }
    },
  };
}

function lastLine(text: string): string {
  const line = text
    .split("\n")
    .filter((one) => /error|panic|fatal/i.test(one))
    .at(-1);
  return line === undefined ? "" : `: ${line.trim()}`;
}
