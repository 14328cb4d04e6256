import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The built entry of this package, as a web address: children run without a compiler. */
export const builtEntry = new URL("../../dist/index.js", import.meta.url).href;

/** Starts a program in a process of its own; it stands in for another user of the index. */
export function startChild(program: string, args: readonly string[] = [], shell?: string): ChildProcess {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const node = [process.execPath, "--input-type=module", "-e", program, "--", ...args];
  if (shell === undefined) return spawn(node[0]!, node.slice(1), { cwd, stdio: ["ignore", "pipe", "pipe"] });
  return spawn("bash", ["-c", `${shell}; exec "$@"`, "bash", ...node], { cwd, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs a program to its end. */
export async function runChild(
  program: string,
  args: readonly string[] = [],
  shell?: string,
): Promise<{ code: number | null; killedBy: NodeJS.Signals | null; stdout: string; stderr: string }> {
  const child = startChild(program, args, shell);
  let [stdout, stderr] = ["", ""];
  child.stdout!.on("data", (text) => {
    stdout += text;
  });
  child.stderr!.on("data", (text) => {
    stderr += text;
  });
  const [code, killedBy] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, killedBy, stdout, stderr };
}
