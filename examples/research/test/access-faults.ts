import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds wrong with a page as it stands, by rule and element: WCAG 2.2 A and AA, and best practices. */
export async function accessFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate("axe.run()")) as Awaited<ReturnType<typeof axe.run>>;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)}\n${failureSummary}`),
  );
}
