import type { TraceCheck } from "@clew/core";
import { verifyTraceFiles } from "@clew/record";
import { exitCode } from "../exit-code.js";
import type { Terminal } from "../terminal.js";

/** Options of `clew verify`. */
export interface VerifyOptions {
  readonly root?: string;
  readonly json?: boolean;
}

/** `clew verify <path>`: checks a trace, or all of a folder. Returns the exit code: 1 where one is damaged. */
export async function verify(path: string, { root, json = false }: VerifyOptions, terminal: Terminal): Promise<number> {
  const files = await verifyTraceFiles(path, { root, signal: terminal.signal });
  if (json) terminal.print(JSON.stringify(files, null, 2));
  else {
    for (const file of files) terminal.print(`${file.path}: ${said(file.check)}`);
    const damaged = files.filter(({ check }) => check.code === "damaged").length;
    if (files.length > 1) terminal.print(`${files.length} traces, ${damaged} damaged.`);
  }
  return files.every(({ check }) => check.code === "intact") ? exitCode.answered : exitCode.error;
}

function said(check: TraceCheck): string {
  if (check.code === "damaged") return `damaged (${check.what}). ${check.message}`;
  const { lines, texts, erased, redacted, root, ended } = check;
  const why = ended === "finished" ? "" : ` of a run that stopped (${ended})`;
  const gone = erased === 0 ? "" : `, ${erased} erased`;
  const changed = redacted === 0 ? "" : `, ${redacted} redacted`;
  return `intact${why}. ${lines} lines, ${texts} texts${gone}${changed}. Root ${root}`;
}
