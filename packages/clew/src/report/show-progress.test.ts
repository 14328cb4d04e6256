import { Writable } from "node:stream";
import type { SyncProgress } from "@clew/core";
import { expect, it } from "vitest";
import { showProgress } from "./show-progress.js";

it("writes a plain line now and then where there is no terminal, and nothing when nothing is embedded", () => {
  let written = "";
  let now = 0;
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written += chunk;
      done();
    },
  }) as NodeJS.WriteStream;
  const progress: SyncProgress = { phase: "embed", sourcesDone: 1, sourcesSeen: 3, embedded: 5, pending: 15 };
  const shown = showProgress({ stream, every: 100, now: () => now });
  shown.update({ ...progress, embedded: 0, pending: 0 });
  now = 150;
  shown.update({ ...progress, embedded: 0, pending: 0 });
  shown.update(progress);
  shown.update({ ...progress, embedded: 9 });
  now = 300;
  shown.update({ ...progress, phase: "done" });
  shown.stop();
  expect(written).toBe("Indexing: 5 of 20 passages, 1 of 3 sources\n");
});
