// npm start: runs the first-contact example; what follows `--` is handed on to it.
import { join } from "node:path";
import { ensureReady, main, root, run } from "./workspace.mjs";

await main(async () => {
  await ensureReady();
  const example = join(root, "examples", "ask");
  // Ctrl-C reaches the whole group: the example ends in its own way, and this process waits for it
  process.on("SIGINT", () => undefined);
  await run(process.execPath, [join(example, "dist", "main.js"), ...process.argv.slice(2)], {
    cwd: process.env.INIT_CWD ?? process.cwd(), // paths are meant from where the person stands
  });
});
