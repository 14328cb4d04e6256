import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { ask, browse, picture } from "./browse.js";
import { roleOf, servedModel } from "./research-mind.js";
import { eventually, serveExample } from "./serve-example.js";

const question = "Who was Otto Preminger, and what did he direct?";

it("with a slow model each step is seen before the next one begins", async () => {
  const { server, calls, models } = await servedModel();
  const { url } = await serveExample({ models });
  const { page } = await browse(url);
  server.cutEvery(40);
  /** Lets those go that wait, and holds those behind them. */
  let go = server.hold();
  const step = (): void => {
    const now = go;
    go = server.hold();
    now();
  };
  await ask(page, question);
  await eventually(() => calls.length + server.open).toBe(1);
  expect(await page.locator("#status").textContent()).toBe("Making an outline …");

  step(); // the outline is there; planners wait
  await page.getByRole("heading", { name: "Otto Preminger and his films" }).waitFor();
  await eventually(() => server.open).toBe(3);
  expect(await page.getByText("Not begun yet.").count()).toBe(3);

  step(); // planned and searched; graders wait
  await eventually(() => page.locator(".hop").count()).toBe(3);
  await eventually(() => server.open).toBe(3);
  expect(await page.locator(".evidence button").count()).toBeGreaterThan(3);
  expect(await page.locator(".sentence").count()).toBe(0);

  step(); // graded: another hop each; graders wait again
  await eventually(() => page.locator(".hop").count()).toBe(6);
  await eventually(() => server.open).toBe(3);
  expect(await page.getByText("0 of 3 sections written").isVisible()).toBe(true);
  await picture(page, "working");

  step(); // found; writers wait
  await eventually(() => calls.filter((call) => roleOf(call) === "grader").length).toBe(6);
  await eventually(() => server.open).toBe(3);
  expect(await page.locator(".sentence").count()).toBe(0);

  go();
  server.hold()();
  await page.getByText(/^The report is done/).waitFor();
  expect(await page.locator('.report .sentence[data-verdict="supported"]').count()).toBeGreaterThan(3);
  expect(await page.locator('.report section .sentence[data-verdict="unsupported"]').first().isVisible()).toBe(true);
  // the model is on this machine: nothing left it
  expect(await page.locator(".report").textContent()).not.toContain("left this machine");
  expect(await page.locator("#usage").textContent()).toMatch(/^\d+ calls · [\d,]+ tokens$/);
  await picture(page, "report");
});

it("with a failing model there are notes, and a report all the same", async () => {
  const { server, models } = await servedModel((call) =>
    roleOf(call) === "writer" ? { refused: 500, message: "out of memory" } : undefined,
  );
  // the outliner's answer breaks off in its middle
  server.fail({ kind: "breaks-off" });
  // as if it were on another machine: what is sent there is counted
  const { url } = await serveExample({ models: { default: { model: models, remote: true } } });
  const { page } = await browse(url);
  await ask(page, question);
  await page.getByText(/^The report is done/).waitFor();
  const notes = (await page.locator(".notes li").allTextContents()).join("\n");
  expect(notes).toContain("code outlines the report");
  expect(notes).toMatch(/writer/);
  expect(notes).toMatch(/^\d+ requests left this machine, .* of \d+ passages? from \d+ sources?: /m);
  expect(await page.locator('.report .quote .sentence[data-verdict="supported"]').count()).toBeGreaterThan(1);
  await picture(page, "failing");
});

it("says what to do when the server dies, and when it is not there", async () => {
  const { server } = await servedModel();
  server.hold();
  const script = fileURLToPath(new URL("../dist/main.js", import.meta.url));
  const model = `openai-compatible:${server.baseURL}#test-model`;
  const child = spawn(process.execPath, [script, "--port", "0", "--model", model], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.on("data", (piece) => {
    printed += piece;
  });
  await eventually(() => printed).toContain("Open http");
  const url = /Open (\S+)/.exec(printed)![1]!;
  const { page } = await browse(url);
  expect(await page.locator("#about").textContent()).toContain("written by test-model");
  await ask(page, question);
  await eventually(() => server.open).toBeGreaterThan(0);
  child.kill("SIGKILL");
  await once(child, "exit");
  await eventually(() => page.getByRole("alert").textContent()).toMatch(/broke off.*npm start.*ask again/);
  await eventually(() => server.open).toBe(0);
  await page.getByRole("button", { name: "Research" }).click();
  await eventually(() => page.getByRole("alert").textContent()).toMatch(/cannot be reached.*npm start/);
});
