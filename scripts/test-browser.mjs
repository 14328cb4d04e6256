// npm run test:browser: the tests that drive a real Chromium. It uses the system's own, which CHROMIUM may name; on Debian, as
// root, it is installed where it is missing. Ends with one plain line of counts.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findChromium } from "./launch-browser.mjs";
import { ensureReady, main, pnpm, root, run } from "./workspace.mjs";

const report = join(root, "node_modules", ".clew-browser-tests.json");

await main(async () => {
  await ensureReady();
  const chromium = findChromium() ?? (await installChromium());
  rmSync(report, { force: true });
  let failure;
  try {
    await pnpm(
      [
        ...["exec", "vitest", "run", "--config", "vitest.browser.config.ts", "--passWithNoTests"],
        ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
        ...process.argv.slice(2),
      ],
      { env: { CHROMIUM: chromium, LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false" } },
    );
  } catch (error) {
    failure = error;
  }
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
  console.log(`\n${numPassedTests} passed, ${Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0)} failed`);
  if (failure !== undefined) throw failure;
});

async function installChromium() {
  const help = "Install Chromium (on Debian: apt-get install chromium), or name its program in CHROMIUM.";
  if (process.getuid?.() !== 0) throw new Error(`npm run test:browser found no Chromium. ${help}`);
  console.error("Installing Chromium (once) …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-qq"], { env, quiet: true });
    const packages = ["chromium", "fonts-dejavu-core"];
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env, quiet: true });
  } catch (cause) {
    throw new Error(`npm run test:browser could not install Chromium. ${help}`, { cause });
  }
  const found = findChromium();
  if (found === undefined) throw new Error(`npm run test:browser found no Chromium after installing it. ${help}`);
  return found;
}
