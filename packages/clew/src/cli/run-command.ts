import { ClewError } from "@clew/core";
import { CommanderError } from "commander";
import { exitCode } from "./exit-code.js";
import { program } from "./program.js";
import type { Terminal } from "./terminal.js";

/**
 * Runs one `clew` command line.
 *
 * @returns the exit code: 0 answered, 3 abstained, 4 partial, 2 usage, 1 error, 130 interrupted
 */
export async function runCommand(words: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCode.answered;
  const command = program(terminal, (result) => {
    code = result;
  });
  try {
    await command.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === "commander.unknownOption") {
        terminal.say("A question or file name that begins with a dash goes behind --, and options before it.");
      }
      return error.exitCode === 0 ? exitCode.answered : exitCode.usage;
    }
    if (terminal.signal.aborted) {
      terminal.say("Interrupted. What was indexed so far is kept; the same command goes on from there.");
      return exitCode.interrupted;
    }
    if (ClewError.isInstance(error)) {
      terminal.say(`clew: ${error.message}`);
      return error.code === "invalid-option" || error.code === "invalid-filter" ? exitCode.usage : exitCode.error;
    }
    terminal.say(`clew: unexpected failure. Please report it with this text:\n${(error as Error).stack ?? error}`);
    return exitCode.error;
  }
}
