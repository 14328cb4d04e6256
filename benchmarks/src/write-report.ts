import { writeFile } from "node:fs/promises";

/** Writes figures as JSON. */
export async function writeReport(path: string, figures: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(figures, null, 2)}\n`);
  console.log(`Written to ${path}`);
}
