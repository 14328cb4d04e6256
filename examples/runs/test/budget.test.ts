import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("a run at the end of its budget gives a partial, cited answer that says what was cut", async () => {
  const script = fileURLToPath(new URL("../dist/budget.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script]);
  expect(stdout).toMatch(/^partial: \S/);
  expect(stdout).toMatch(/^ {2}".+" \(.+\.md\)$/m);
  expect(stdout).toMatch(/^budget-reached: /m);
  const spent = Number(/spent: (\d\.\d+) of/.exec(stdout)?.[1]);
  expect(spent).toBeGreaterThan(0);
  expect(spent).toBeLessThanOrEqual(0.007);
});
