// npm run benchmark -- quality --data DIR: see benchmarks/README.md.
import { join } from "node:path";
import { ensureReady, main, root, run } from "./workspace.mjs";

await main(async () => {
  await ensureReady();
  await run(process.execPath, [join(root, "benchmarks", "dist", "main.js"), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
});
