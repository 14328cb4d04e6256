#!/usr/bin/env node
import { exitCode } from "./exit-code.js";
import { runCommand } from "./run-command.js";
import { processTerminal } from "./terminal.js";

const controller = new AbortController();
process.on("SIGINT", () => {
  // a second Ctrl-C does not wait: every write is a transaction, so the index is whole all the same
  if (controller.signal.aborted) process.exit(exitCode.interrupted);
  controller.abort(new DOMException("Interrupted by Ctrl-C.", "AbortError"));
});

// a reader that has seen enough (`clew … | head`) closes the pipe: nobody is left to tell, so the work ends quietly
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
}

runCommand(process.argv.slice(2), processTerminal(controller.signal)).then((code) => {
  process.exitCode = code;
});
