import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = async (name: string): Promise<string> => {
  const script = fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));
  return (await promisify(execFile)(process.execPath, [script])).stdout;
};

it("an aborted run stops, and goes on when it is asked again", async () => {
  const printed = await run("aborted");
  expect(printed).toContain("aborted: the user closed the page");
  expect(printed.match(/searched: Who built the place/g)).toHaveLength(1);
  expect(printed).toContain("It was built by Daedalus");
});

it("a killed run is finished by another process, which does not search the first round again", async () => {
  const printed = await run("resumed");
  expect(printed).toContain("process one ended with SIGKILL");
  expect(printed.match(/searches: Who built the place/g)).toHaveLength(1);
  expect(printed).toContain("process two searches:");
  expect(printed).toContain("It was built by Daedalus");
});
