import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ClewError } from "@clew/core";

const wheel = "xllamacpp==2026.10.11549";
const cache = fileURLToPath(new URL(`../../../../.cache/llama-server/${wheel}/`, import.meta.url));
const exec = promisify(execFile);

/** The Python that runs the server: that of the environment variable PYTHON, or python3. */
export const python = (): string => process.env.PYTHON || "python3";

/**
 * Installs llama.cpp's server once, as a Python package that is built already, into the cache of the project.
 *
 * @returns the folder of Python packages
 * @throws ClewError `missing-package`
 */
export async function installLlamaServer(): Promise<string> {
  if (existsSync(join(cache, "xllamacpp", "__init__.py"))) return cache;
  const failed = (what: string, cause: unknown): ClewError =>
    new ClewError("missing-package", `llama.cpp's own server is not installed: ${what}`, { cause });
  try {
    await exec(python(), ["-m", "pip", "--version"]);
  } catch (cause) {
    throw failed(`it takes Python 3 with pip, and "${python()}" is not one; install it, or name it in PYTHON.`, cause);
  }
  console.error(`Installing llama.cpp's own server (once, 34 MB): ${wheel} …`);
  rmSync(cache, { recursive: true, force: true });
  const quiet = ["--disable-pip-version-check", "--root-user-action=ignore", "-q"];
  try {
    await exec(python(), [
      "-m",
      "pip",
      "install",
      "--target",
      cache,
      "--no-deps",
      "--only-binary=:all:",
      ...quiet,
      wheel,
    ]);
  } catch (cause) {
    rmSync(cache, { recursive: true, force: true });
    const { stderr = "" } = cause as { stderr?: string };
    throw failed(`pip could not install ${wheel}. ${stderr.trim().split("\n").at(-1)}`, cause);
  }
  return cache;
}
