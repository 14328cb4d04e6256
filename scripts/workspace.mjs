// Installs and builds what a command needs, and does nothing when nothing changed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the workspace. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const pnpmVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;
const minimumNode = [20, 19];

/** Runs a command to its end; rejects with its exit code when that is not 0. */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      output += chunk;
    });
    child.on("error", reject);
    child.on("exit", (code, signal) =>
      code === 0
        ? resolve(output)
        : reject(
            Object.assign(new Error(`${command} ${args.join(" ")} ended with ${signal ?? code}\n${output}`), {
              exitCode: code ?? 1,
            }),
          ),
    );
  });
}

/** Runs the pinned pnpm, which also puts itself on the PATH of what it starts. */
export const pnpm = (args, options) => run("npx", ["-y", "--prefer-offline", pnpmVersion, ...args], options);

/** Installs the locked dependencies when a manifest or the lock file changed. */
export async function ensureInstalled() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < minimumNode[0] || (major === minimumNode[0] && minor < minimumNode[1])) {
    throw new Error(`clew needs Node ${minimumNode.join(".")} or later; this is ${process.versions.node}.`);
  }
  const files = ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...manifests()];
  await whenChanged(
    "install",
    hash(files, (file) => readFileSync(join(root, file))),
    async () => {
      console.error("Installing dependencies (once) …");
      await pnpm(["install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"], { quiet: true });
    },
  );
}

/** Builds every package, or those that the given ones need, when a source file changed. */
export async function ensureBuilt() {
  const files = manifests()
    .map((manifest) => dirname(manifest))
    .flatMap((folder) => [...walk(join(root, folder, "src")), ...walk(join(root, folder, "assets"))])
    .map((file) => relative(root, file));
  const state = hash([...files, ...manifests(), "tsconfig.base.json"], (file) => {
    const { size, mtimeMs } = statSync(join(root, file));
    return `${size} ${mtimeMs}`;
  });
  const complete = manifests().every((manifest) => existsSync(join(root, dirname(manifest), "dist")));
  await whenChanged(
    "build",
    complete ? state : `${state} incomplete`,
    async () => {
      console.error("Building the packages …");
      await pnpm(["exec", "turbo", "run", "build", "--output-logs=errors-only"], { quiet: true });
    },
    state,
  );
}

/** Installs and builds. */
export async function ensureReady() {
  await ensureInstalled();
  await ensureBuilt();
}

/** Installs a package beside the workspace from its own lock file, when that changed: what one command needs and nobody else. */
export async function ensureBeside(folder, telling) {
  const state = hash(["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"], (file) =>
    readFileSync(join(folder, file)),
  );
  const stamp = join(folder, "node_modules", ".clew-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  console.error(telling);
  await pnpm(["install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"], {
    cwd: folder,
    quiet: true,
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
}

/** Runs a script of the workspace to its end and leaves with its exit code. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    if (error?.exitCode === undefined || error.message.includes("\n")) console.error(error?.message ?? error);
    process.exitCode = error?.exitCode ?? 1;
  }
}

function manifests() {
  return ["packages", "examples"]
    .flatMap((folder) =>
      existsSync(join(root, folder))
        ? readdirSync(join(root, folder)).map((name) => `${folder}/${name}/package.json`)
        : [],
    )
    .concat("benchmarks/package.json")
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

function* walk(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

function hash(files, content) {
  const sum = createHash("sha256");
  for (const file of files) sum.update(`${file}\0`).update(content(file)).update("\0");
  return sum.digest("hex");
}

async function whenChanged(name, state, work, stateAfter = state) {
  const stamp = join(root, "node_modules", `.clew-${name}`);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, stateAfter);
}
