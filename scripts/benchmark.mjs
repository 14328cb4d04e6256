// npm run benchmark -- quality --data DIR: see benchmarks/README.md.
import { join } from "node:path";
import { ensureBeside, ensureReady, main, root, run } from "./workspace.mjs";

const wanted = process.argv.slice(2);
const systems = wanted[wanted.indexOf("--systems") + 1] ?? "";
const oursAlone = wanted.includes("--systems") && systems.split(",").every((name) => name.startsWith("clew"));

await main(async () => {
  await ensureReady();
  if (wanted[0] === "speed" && !oursAlone) await ensurePeers();
  await run(process.execPath, [join(root, "benchmarks", "dist", "main.js"), ...wanted], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
});

/** Without them the command says which peers are missing and measures the others. */
async function ensurePeers() {
  try {
    await ensureBeside(join(root, "benchmarks", "peers"), "Installing the peers (once, about 500 MB) …");
  } catch (error) {
    console.error(`The peers could not be installed: ${error.message}`);
  }
}
