import { replay as replayTrace } from "@clew/agents";
import { readTraceFile } from "@clew/record";
import { answerJson } from "../../report/answer-json.js";
import { formatAnswer } from "../../report/format-answer.js";
import { exitCodeOf } from "../exit-code.js";
import type { Terminal } from "../terminal.js";

/** Options of `clew replay`. */
export interface ReplayCommandOptions {
  readonly json?: boolean;
}

/** `clew replay <file>`: makes the answer of a recorded run again, without model and index, and prints it. */
export async function replay(
  path: string,
  { json = false }: ReplayCommandOptions,
  terminal: Terminal,
): Promise<number> {
  const { signal } = terminal;
  const answer = await replayTrace(await readTraceFile(path, { signal }), { signal });
  terminal.print(json ? JSON.stringify(answerJson(answer), null, 2) : formatAnswer(answer));
  return exitCodeOf(answer.status);
}
