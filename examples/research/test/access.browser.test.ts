import { memoryTraces } from "clew";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { accessFaults } from "./access-faults.js";
import { ask, browse } from "./browse.js";
import { serveExample } from "./serve-example.js";

/** Presses Tab until such an element has the focus, as somebody does who has no mouse. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`The keyboard does not reach ${selector}.`);
}

it("is used by the keyboard alone: from asking to a passage and back, and to feedback", async () => {
  const { url } = await serveExample({ traces: memoryTraces() });
  const { page } = await browse(url);
  await tabTo(page, "#question");
  await page.keyboard.type("Who directed the film Rosebud?");
  await page.keyboard.press("Enter");
  await page.getByText("The report is done.").waitFor();
  await tabTo(page, ".report .cite");
  await page.keyboard.press("Enter");
  await page.locator(".panel mark").waitFor();
  await tabTo(page, ".panel a");
  await page.keyboard.press("Escape");
  expect(await page.locator(".panel").isVisible()).toBe(false);
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("cite");
  await tabTo(page, ".feedback button");
  await page.keyboard.press("Enter");
  await page.getByText('"Yes" was added to the record').waitFor();
});

it.each([
  { dark: false, width: 1180 },
  { dark: true, width: 1180 },
  { dark: false, width: 320 },
  { dark: true, width: 320 },
])("axe finds no fault in it, and nothing runs out of the page: %j", async ({ dark, width }) => {
  const { url } = await serveExample({ traces: memoryTraces(), sections: 2 });
  const { page } = await browse(url, { dark });
  await page.setViewportSize({ width, height: 720 });
  const overflow = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect([await accessFaults(page), await overflow()]).toEqual([[], 0]);
  await ask(page, "Who was Otto Preminger, and which of his films are about terrorism or spies?");
  await page.getByText("The report is done.").waitFor();
  await page.getByRole("button", { name: "No", exact: true }).click();
  expect([await accessFaults(page), await overflow()]).toEqual([[], 0]);
  await page.locator(".report .cite").first().click();
  await page.locator(".panel mark").waitFor();
  expect([await accessFaults(page), await overflow()]).toEqual([[], 0]);
  // whoever asks for less motion gets none
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
