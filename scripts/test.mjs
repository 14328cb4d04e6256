// npm test: everything that must hold on a clean checkout. Ends with one plain line of counts.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureReady, pnpm, root } from "./workspace.mjs";

const report = join(root, "node_modules", ".clew-tests.json");
const environment = { LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false", TURBO_TELEMETRY_DISABLED: "1" };
const turbo = (task) => pnpm(["exec", "turbo", "run", task, "--output-logs=errors-only"], { env: environment });

/** Every check by name; each runs even when one before it failed, so that one run tells all. */
const checks = {
  "install and build": ensureReady,
  types: () => turbo("types"),
  lint: () => pnpm(["exec", "biome", "ci", "--diagnostic-level=error", "."], { env: environment }),
  "dependency direction": () =>
    pnpm(["exec", "depcruise", "--config", ".dependency-cruiser.cjs", "packages", "examples", "benchmarks"]),
  "unused and undeclared": () => pnpm(["exec", "knip"]),
  "package contents": () => turbo("package-check"),
  tests: () =>
    pnpm(["exec", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], {
      env: environment,
    }),
};

rmSync(report, { force: true });
const failed = [];
for (const [name, check] of Object.entries(checks)) {
  console.log(`\n── ${name}`);
  try {
    await check();
  } catch (error) {
    failed.push(name);
    console.error(error.message);
    if (name === "install and build") break;
  }
}

const { passed, broken } = counts();
for (const name of failed) console.error(`failed: ${name}`);
const checksFailed = failed.filter((name) => name !== "tests" || broken === 0).length;
console.log(`\n${passed} passed, ${broken + checksFailed} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

function counts() {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
    return { passed: numPassedTests, broken: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) };
  } catch {
    return { passed: 0, broken: 0 }; // the tests did not run; the check that stopped them is counted instead
  }
}
