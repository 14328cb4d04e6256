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

runCommand(process.argv.slice(2), processTerminal(controller.signal)).then((code) => {
  process.exitCode = code;
});
