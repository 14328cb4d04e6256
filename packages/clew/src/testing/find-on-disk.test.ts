import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findOnDisk } from "./find-on-disk.js";

const text = 'Ünique "phrase" of it';

it.each<[string, Buffer]>([
  ["UTF-8", Buffer.from(`x${text}y`)],
  ["UTF-16", Buffer.from(`x${text}y`, "utf16le")],
  ["JSON", Buffer.from(JSON.stringify({ kept: text }))],
  ["JSON in ASCII", Buffer.from('"\\u00dcnique \\"phrase\\" of it"')],
  ...[0, 1, 2, 3, 4].map((before): [string, Buffer] => [
    `base64, ${before} bytes before`,
    Buffer.from(Buffer.from(`${"x".repeat(before)}${text}yz`).toString("base64")),
  ]),
])("finds a text in the deepest file: %s", (_, bytes) => {
  const folder = mkdtempSync(join(tmpdir(), "clew-found-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "a", "b"), { recursive: true });
  writeFileSync(join(folder, "a", "b", "c"), Buffer.concat([Buffer.alloc(5000), bytes]));
  expect(findOnDisk(folder, [text, "another"])).toEqual([{ file: join("a", "b", "c"), text }]);
});
