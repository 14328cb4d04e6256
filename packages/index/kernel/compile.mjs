// node kernel/compile.mjs: writes src/scan/scan-kernel-bytes.ts from src/scan/scan-kernel.wat
import { readFileSync, writeFileSync } from "node:fs";
import wabt from "wabt";

const source = new URL("../src/scan/scan-kernel.wat", import.meta.url);
const target = new URL("../src/scan/scan-kernel-bytes.ts", import.meta.url);
const features = { simd: true, threads: true };
const module = (await wabt()).parseWat("scan-kernel.wat", readFileSync(source, "utf8"), features);
module.validate(features);
const { buffer } = module.toBinary({});
const lines = Buffer.from(buffer)
  .toString("base64")
  .match(/.{1,100}/g);
writeFileSync(
  target,
  `/** \`scan-kernel.wat\` compiled, in Base64. Made by \`kernel/compile.mjs\`; a test compares the two. */
export const scanKernelBytes = [
${lines.map((line) => `  "${line}",`).join("\n")}
].join("");
`,
);
