// npm run test:live -- --models DIR: a real, very small chat model behind a local server. See benchmarks/README.md.
import { join } from "node:path";
import { ensureBeside, ensureReady, main, root, run } from "./workspace.mjs";

await main(async () => {
  await ensureReady();
  await ensureBeside(join(root, "benchmarks", "live"), "Installing llama.cpp (once, about 100 MB) …");
  await run(process.execPath, [join(root, "benchmarks", "dist", "live", "main.js"), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
});
