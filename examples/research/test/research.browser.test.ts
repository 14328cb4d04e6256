import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { memoryTraces, scope } from "clew";
import { expect, it, onTestFinished } from "vitest";
import { ask, browse, picture } from "./browse.js";
import { servedModel } from "./research-mind.js";
import { eventually, serveExample } from "./serve-example.js";

const question = "Who was Otto Preminger, and which of his films are about terrorism or spies?";

it("hops and evidence appear while it works, the report grows, a citation opens its passage", async () => {
  const traces = memoryTraces();
  const { url } = await serveExample({ traces });
  const { page, said: printed, seen } = await browse(url);
  await picture(page, "start");
  await page.getByRole("button", { name: question }).click();
  await page.getByText("The report is done.").waitFor();

  const order = await seen();
  expect(order.indexOf("hop")).toBeLessThan(order.indexOf("evidence"));
  expect(order.indexOf("evidence")).toBeLessThan(order.indexOf("sentence"));
  const sections = order.flatMap((what, at) => (what === "section" ? [at] : []));
  expect(sections).toHaveLength(4);
  // section by section: something is written between the first and the last, and all of it before the end
  expect(order.slice(sections[0], sections.at(-1)).filter((what) => what === "sentence")).not.toEqual([]);
  expect(order.indexOf("end")).toBeGreaterThan(sections.at(-1)!);

  const mark = page.getByRole("button", { name: "Citation 1: Otto Preminger" }).first();
  await mark.click();
  const panel = page.getByRole("complementary");
  await panel.locator("mark").waitFor();
  const sentence = page.locator(".report .quote").first();
  expect(await sentence.textContent()).toContain(await panel.locator("mark").textContent());
  expect(await panel.textContent()).toContain("Line 3 of otto-preminger.md");
  expect(await panel.getByRole("heading").evaluate((title) => title === document.activeElement)).toBe(true);
  await picture(page, "passage");
  const [source] = await Promise.all([
    page.context().waitForEvent("page"),
    panel.getByRole("link", { name: "Open the whole source" }).click(),
  ]);
  await source.waitForLoadState();
  expect(source.url()).toContain("/source?id=otto-preminger.md");
  expect(await source.textContent("body")).toContain("# Otto Preminger");
  await source.close();
  await page.keyboard.press("Escape");
  expect(await panel.isVisible()).toBe(false);
  expect(await mark.evaluate((one) => one === document.activeElement)).toBe(true);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as Markdown" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^who-was-otto-preminger.*\.md$/);
  const markdown = await readFile((await download.path())!, "utf8");
  expect(markdown).toMatch(/^# Who was Otto Preminger/);
  expect(markdown).toContain("## Sources");
  const [proof] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download the proof" }).click(),
  ]);
  expect(proof.suggestedFilename()).toBe("proof.html");
  const folder = await mkdtemp(join(tmpdir(), "clew-proof-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await proof.saveAs(join(folder, "proof.html"));
  // opened from disk without a network, it checks itself against the sources in it
  const offline = await page.context().browser()!.newContext({ offline: true });
  const asked: string[] = [];
  offline.on("request", (request) => asked.push(request.url()));
  const file = await offline.newPage();
  const address = pathToFileURL(join(folder, "proof.html")).href;
  await file.goto(address);
  await eventually(() => file.locator("#summary").textContent()).toMatch(/^(\d+) of \1 verified\.$/);
  const results = await file.locator("[id^=result-]").allTextContents();
  expect(results.length).toBeGreaterThan(3);
  for (const result of results) expect(result).toMatch(/^Verified/);
  const root = (await page.locator(".root code").textContent())!;
  expect(await file.locator("#record ~ dl").textContent()).toContain(root);
  expect(asked).toEqual([address]);
  await offline.close();

  await page.getByRole("group", { name: "Was this right?" }).getByRole("button", { name: "In part" }).click();
  await page.getByLabel("What would have been right?").fill("He was born in Wiznitz.");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText('"In part" was added to the record of this report.').waitFor();
  const runs: string[] = [];
  for await (const run of traces.list(scope("me"))) runs.push(run);
  const said = await Promise.all(runs.map((run) => traces.feedbackOf(scope("me"), run)));
  expect(said.flat()).toMatchObject([{ verdict: "partly", correction: "He was born in Wiznitz.", root }]);
  expect(await page.locator("#usage").textContent()).toBe("nothing left this machine");
  expect(printed).toEqual([]);
});

it("is used by the keyboard alone, in the dark", async () => {
  const { url } = await serveExample();
  const { page } = await browse(url, { dark: true });
  await page.getByLabel("What should be researched?").focus();
  await page.keyboard.type("Who is Nigella Lawson?");
  await page.keyboard.press("Enter");
  await page.getByText("The report is done.").waitFor();
  const mark = page.locator(".report .cite").first();
  await mark.focus();
  await page.keyboard.press("Enter");
  await page.locator(".panel mark").waitFor();
  await picture(page, "dark");
  // every control says what it is
  const unnamed = await page.evaluate(() =>
    [...document.querySelectorAll("button, a, textarea, input")]
      .filter((one) => !one.closest("[hidden]"))
      .filter(
        (one) => (one.getAttribute("aria-label") ?? one.textContent ?? "").trim() === "" && one.id !== "question",
      ),
  );
  expect(unnamed).toEqual([]);
  expect(await page.locator("#status").getAttribute("aria-live")).toBe("polite");
});

it("cancel stops the run, on the server and at the model", async () => {
  const { server, models } = await servedModel();
  const { url, runs } = await serveExample({ models });
  const { page } = await browse(url);
  const first = server.hold();
  await ask(page, question);
  await eventually(() => server.open).toBe(1);
  server.hold();
  first();
  await page.getByText("0 of 3 sections written").waitFor();
  await eventually(() => server.open).toBe(3); // the planners of three sections
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Stopped by the server. You cancelled it.").waitFor();
  await eventually(() => [server.open, runs.size]).toEqual([0, 0]);
  expect(await page.getByText("Stopped before it was written.").count()).toBe(3);
  // and another question can be asked
  await page.getByRole("button", { name: "Research" }).waitFor();
});

it("leaving the page stops the run, too", async () => {
  const { server, models } = await servedModel();
  server.hold();
  const { url, runs } = await serveExample({ models });
  const { page } = await browse(url);
  await ask(page, question);
  await eventually(() => server.open).toBe(1);
  await page.goto("about:blank");
  await eventually(() => [server.open, runs.size]).toEqual([0, 0]);
});
