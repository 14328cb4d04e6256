// npm run test:live -- --models DIR: a real, very small chat model behind a local server. See benchmarks/README.md.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureReady, main, pnpm, root, run } from "./workspace.mjs";

const folder = join(root, "benchmarks", "live");

await main(async () => {
  await ensureReady();
  await ensureLlama();
  await run(process.execPath, [join(root, "benchmarks", "dist", "live", "main.js"), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
});

/** Installs llama.cpp from its own lock file, beside the workspace: nobody else needs it. */
async function ensureLlama() {
  const sum = createHash("sha256");
  for (const name of ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"])
    sum.update(readFileSync(join(folder, name)));
  const state = sum.digest("hex");
  const stamp = join(folder, "node_modules", ".clew-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === state) return;
  console.error("Installing llama.cpp (once, about 100 MB) …");
  await pnpm(["install", "--frozen-lockfile", "--reporter=append-only", "--loglevel=warn"], {
    cwd: folder,
    quiet: true,
  });
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(stamp, state);
}
