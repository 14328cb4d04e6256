// Installs and builds what is needed, then runs a command of the workspace: node scripts/with-workspace.mjs biome check .
import { ensureReady, main, pnpm } from "./workspace.mjs";

await main(async () => {
  await ensureReady();
  await pnpm(["exec", ...process.argv.slice(2)]);
});
