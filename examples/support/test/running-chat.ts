import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** The chat in a process of its own, as `npm start` runs it, with data of its own. */
export interface RunningChat {
  readonly address: string;
  /** Ends it with Ctrl-C. @returns its exit code */
  stop(): Promise<number | null>;
}

export async function startChat(...words: string[]): Promise<RunningChat> {
  const data = await mkdtemp(join(tmpdir(), "clew-support-"));
  const child = spawn(process.execPath, [script, "--port", "0", "--data", data, ...words]);
  let said = "";
  const address = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        said += text;
        const found = /The chat: (\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    child.once("exit", (code) => reject(new Error(`It ended with ${code}: ${said}`)));
  });
  return {
    address: await address,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGINT");
      const [code] = await ended;
      await rm(data, { recursive: true, force: true });
      return code;
    },
  };
}
