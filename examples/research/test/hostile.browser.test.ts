import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { searxng } from "../src/web-search.js";
import { ask, browse, picture } from "./browse.js";
import { searchServer } from "./search-server.js";
import { serveExample } from "./serve-example.js";

const attack =
  'Zephyrine Quill was a cartographer of Vellmar. <img src=x onerror="window.pwned=1"><script>window.pwned=2</script> ' +
  "![map](https://evil.example/leak.png) [Zephyrine Quill](javascript:window.pwned=3) <svg onload=window.pwned=4> " +
  "Zephyrine Quill of Vellmar drew the <b>first</b> map of the river in 1802.";

it("a passage, its title and a web page's address do nothing but be read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "clew-hostile-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "quill.txt"), attack);
  const search = await searchServer({
    results: [
      {
        title: '<img src=x onerror="window.pwned=5">Quill',
        url: "https://evil.example/quill?x=<script>window.pwned=6</script>",
        content: `On the web: ${attack} Zephyrine Quill died in Vellmar in 1851.`,
      },
      { title: "Bad", url: "javascript:window.pwned=7", content: "Zephyrine Quill of Vellmar was born in 1770." },
    ],
  });
  const { url } = await serveExample({ folders: [folder], web: searxng(search.url), sections: 3 });
  const { page, said } = await browse(url);
  await ask(page, "Who was the cartographer Zephyrine Quill of Vellmar?");
  await page.getByText(/^The report is done/).waitFor();

  const report = await page.locator("#report").textContent();
  expect(report).toContain("<b>first</b>");
  expect(report).not.toContain("born in 1770");
  expect(await page.locator(".work img, .work script, .work svg, .work b, .panel img").count()).toBe(0);
  // what is of the web says so, wherever it stands
  await page.locator(".report .references .live").waitFor();
  expect(await page.locator('.evidence button[data-live="true"]').count()).toBeGreaterThan(0);
  const links = await page.locator(".report a").evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
  expect(links.every((link) => /^https?:/.test(link))).toBe(true);

  const web = page.getByRole("button", { name: /^Citation \d+: <img/ }).first();
  await web.click();
  const panel = page.getByRole("complementary");
  await panel.locator("mark").waitFor();
  expect(await panel.textContent()).toContain("<script>window.pwned=2</script>");
  await panel.locator(".live").waitFor();
  expect(await panel.getByRole("link", { name: "Open the page" }).getAttribute("rel")).toContain("noopener");
  await page.setViewportSize({ width: 1180, height: 560 });
  await picture(page, "untrusted");
  expect(await page.evaluate(() => (globalThis as { pwned?: number }).pwned)).toBeUndefined();
  expect(said).toEqual([]);
  // not one of the addresses in the texts was asked for: see `browse`
});
