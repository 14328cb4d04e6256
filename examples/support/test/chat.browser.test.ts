import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { launchBrowser } from "../../../scripts/launch-browser.mjs";
import { accessFaults } from "./access-faults.js";
import { type RunningChat, startChat } from "./running-chat.js";

let chat: RunningChat;
let browser: Browser;
let page: Page;
const elsewhere: string[] = [];
const picture = async (of: Page, name: string) => {
  // the pictures of the docs: CLEW_SCREENSHOTS=1 npm run test:browser
  const path = fileURLToPath(new URL(`../../../docs/images/${name}.png`, import.meta.url));
  await of.screenshot(process.env.CLEW_SCREENSHOTS === undefined ? {} : { path });
};

beforeAll(async () => {
  chat = await startChat();
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 760, height: 860 } });
  page.on("request", (request) => {
    if (!request.url().startsWith(chat.address)) elsewhere.push(request.url());
  });
});
afterAll(async () => {
  await browser?.close();
  expect(await chat?.stop()).toBe(0);
});

const ask = async (question: string) => {
  const before = await page.locator("#talk > li").count();
  await page.getByLabel("Your question").fill(question);
  await page.getByRole("button", { name: "Ask" }).click();
  await page
    .locator("#talk > li")
    .nth(before + 1)
    .waitFor();
  return page.locator("#talk > li").nth(before + 1);
};

it("a thread: a question, a follow-up, an order that is looked up, a hand-over and its reply", async () => {
  await page.goto(chat.address);
  expect(await (await ask("How long does the battery of the Halo last?")).textContent()).toContain("6 hours");
  expect(await (await ask("And how is it charged?")).textContent()).toContain("USB-C in 2.5 hours");

  const order = await ask("Where is my order LX-1042?");
  expect(await order.textContent()).toContain("shipped on 19 November 2026");
  await order.getByRole("button", { name: "Quote 1" }).click();
  const dialog = page.getByRole("dialog");
  expect(await dialog.getByRole("heading").textContent()).toBe("Order LX-1042");
  expect(await dialog.locator("mark").textContent()).toBe(
    "Order LX-1042 was shipped on 19 November 2026 with PostNL and is expected on 27 November 2026.",
  );
  await picture(page, "support-quote");
  await dialog.getByRole("button", { name: "Close" }).click();

  await order.getByRole("button", { name: "This helped" }).click();
  await order.getByText("Thank you.").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    order.getByRole("link", { name: "Check this answer" }).click(),
  ]);
  const folder = await mkdtemp(join(tmpdir(), "clew-support-proof-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "answer.html");
  await download.saveAs(file);
  const offline = await browser.newContext({ offline: true });
  const proof = await offline.newPage();
  await proof.goto(pathToFileURL(file).href);
  // the order stands in it as it was when it was looked up
  await expect.poll(() => proof.textContent("#summary")).toMatch(/^(\d+) of \1 verified\.$/);
  await offline.close();

  expect(await (await ask("Do you sell helmets for horses?")).textContent()).toContain("handed your question over");
  const desk = await browser.newPage({ viewport: { width: 760, height: 600 } });
  await desk.goto(`${chat.address}/desk`);
  const waiting = desk.locator("#waiting > li", { hasText: "helmets for horses" });
  expect(await waiting.textContent()).toContain("does not cover");
  await picture(desk, "support-desk");
  await waiting.getByLabel("Reply to ada").fill("We do not, but the shop next door does.");
  await waiting.getByRole("button", { name: "Reply" }).click();
  await page.locator("#talk > .person", { hasText: "the shop next door" }).waitFor();
  await desk.close();
  await picture(page, "support-chat");
  expect(elsewhere).toEqual([]);
});

it("another customer begins anew and sees only what is theirs", async () => {
  await page.getByLabel("Signed in as").selectOption("grace");
  await page.locator("#talk:empty").waitFor({ state: "attached" });
  expect(await (await ask("Where is my order LX-2001?")).textContent()).toContain("signed for at the door");
  expect(await (await ask("Where is my order LX-1042?")).textContent()).toContain("handed your question over");
});

it.each([
  { colorScheme: "light", width: 760 },
  { colorScheme: "dark", width: 760 },
  { colorScheme: "light", width: 320 },
  { colorScheme: "dark", width: 320 },
] as const)("is used by the keyboard alone, axe finds no fault in it, nothing runs out of it: %j", async (look) => {
  const { colorScheme, width } = look;
  const looking = await browser.newPage({
    viewport: { width, height: 700 },
    colorScheme,
    reducedMotion: "reduce",
  });
  onTestFinished(() => looking.close());
  const check = async (): Promise<void> => {
    const overflow = await looking.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect([await accessFaults(looking), overflow]).toEqual([[], 0]);
  };
  await looking.goto(chat.address);
  await looking.locator("#question:focus").waitFor();
  await check();
  await looking.keyboard.type("How long does the battery of the Halo last?");
  await looking.keyboard.press("Enter");
  await looking.locator(".actions").waitFor();
  await check();
  for (let presses = 0; presses < 20; presses++) {
    await looking.keyboard.press("Tab");
    if (await looking.evaluate(() => document.activeElement?.matches(".citation") ?? false)) break;
  }
  await looking.keyboard.press("Enter");
  await looking.locator("dialog mark").waitFor();
  await check();
  await looking.keyboard.press("Escape");
  expect(await looking.locator("dialog").isVisible()).toBe(false);
  expect(await looking.evaluate(() => document.activeElement?.className)).toBe("citation");
  expect(await looking.evaluate(() => document.getAnimations().length)).toBe(0);
  await looking.goto(`${chat.address}/desk`);
  await looking.locator("#waiting > li").first().waitFor();
  await check();
});

it("a server that is gone is said to be gone", async () => {
  await page.route("**/chat", (route) => route.abort());
  expect(await (await ask("How long does a repair take?")).textContent()).toContain("Please ask again");
  await page.unroute("**/chat");
});
