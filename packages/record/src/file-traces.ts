import {
  answerUnknown,
  appendFeedback,
  checkFeedback,
  checkKeys,
  invalidOption,
  isSameTrace,
  partRun,
  type Runtime,
  readFeedback,
  rootInSlices,
  rootOf,
  systemRuntime,
  type Trace,
  type TraceStore,
  traceJsonl,
} from "@clew/core";
import { closedIn } from "./closed-in.js";
import { eraseFiles } from "./erase-files.js";
import { jsonFile } from "./exact-json.js";
import { packedTexts } from "./packed-texts.js";
import { codeOf, stored } from "./storage-failure.js";
import {
  chainEnd,
  chainPath,
  feedbackPath,
  namesIn,
  readChain,
  readFeedbackFiles,
  readTrace,
  scopeFolder,
  tenantFolder,
  textsPath,
} from "./trace-files.js";
import { scrub, writeWhole } from "./write-whole.js";

/** Options of {@link fileTraces}. */
export interface FileTracesOptions {
  /** The clock, and salts. @default those of the system */
  runtime?: Runtime | undefined;
}

/**
 * A {@link TraceStore} in a folder: of each run a chain (`.jsonl`), its texts in a file beside it, and a file for each time that
 * somebody said something of the answer. Names are hashes of tenant, scope and run; files are readable by their owner alone.
 * A trace is there whole or not at all, whatever kills the process; several processes may write at once.
 *
 * @throws ClewError `invalid-option`; its methods `storage-failed` where the file system refuses
 */
export function fileTraces(dir: string, options: FileTracesOptions = {}): TraceStore {
  checkKeys("fileTraces", options, ["runtime"]);
  if (typeof dir !== "string" || dir === "") throw invalidOption("dir", "the path of a folder", dir);
  const { runtime = systemRuntime } = options;

  return {
    write: (scope, trace, { signal } = {}) =>
      stored("Writing the record", async () => {
        signal?.throwIfAborted();
        const root = await rootInSlices(trace, signal);
        const chain = chainPath(scopeFolder(dir, scope), trace.run);
        if (isSameTrace(await readChain(chain), root)) return;
        signal?.throwIfAborted();
        await writeBoth(chain, root, trace);
      }),
    read: (scope, run, { signal } = {}) =>
      stored("Reading the record", async () => {
        signal?.throwIfAborted();
        return readTrace(chainPath(scopeFolder(dir, scope), run));
      }),
    list: async function* (scope, { signal } = {}) {
      const folder = scopeFolder(dir, scope);
      const closed = await stored("Listing the records", async () => {
        const found: { run: string; at: number }[] = [];
        for (const name of await namesIn(folder)) {
          signal?.throwIfAborted();
          const closed = name.endsWith(chainEnd) ? await closedIn(`${folder}/${name}`) : undefined;
          if (closed !== undefined) found.push(closed);
        }
        return found;
      });
      closed.sort((a, b) => a.at - b.at || (a.run < b.run ? -1 : a.run > b.run ? 1 : 0));
      for (const { run } of closed) {
        signal?.throwIfAborted();
        yield run;
      }
    },
    feedback: (scope, answer, feedback, { signal } = {}) =>
      stored("Keeping the feedback", async () => {
        signal?.throwIfAborted();
        checkFeedback(feedback);
        const chain = chainPath(scopeFolder(dir, scope), answer);
        const trace = await readTrace(chain);
        if (trace === undefined) throw answerUnknown();
        for (;;) {
          signal?.throwIfAborted();
          const before = await readFeedbackFiles(chain);
          const after = appendFeedback(trace, before, feedback, runtime);
          const said = readFeedback(after, rootOf(trace)).at(-1)!;
          const line = after.lines.at(-1)!;
          const own = Object.fromEntries(
            Object.entries(after.texts).filter(([key]) => !Object.hasOwn(before.texts, key)),
          );
          // somebody else may have had the next number meanwhile: the line is made anew, behind theirs
          if (await writeWhole(feedbackPath(chain, line.seq), jsonFile({ line, texts: own }), "only-new")) return said;
        }
      }),
    feedbackOf: (scope, answer, { signal } = {}) =>
      stored("Reading the feedback", async () => {
        signal?.throwIfAborted();
        const chain = chainPath(scopeFolder(dir, scope), answer);
        const trace = await readTrace(chain);
        return trace === undefined ? [] : readFeedback(await readFeedbackFiles(chain), rootOf(trace));
      }),
    erase: (scope, { source, signal }) =>
      stored("Erasing from the records", async () => [await eraseFiles(tenantFolder(dir, scope), { source }, signal)]),
    forget: (scope, run, { signal } = {}) =>
      stored("Erasing from the records", async () => {
        const folder = scopeFolder(dir, scope);
        const chains = [chainPath(folder, run)];
        // a part may stand where its run never ended
        for (let part = 1; (await readChain(chainPath(folder, partRun(run, part)))) !== undefined; part++) {
          chains.push(chainPath(folder, partRun(run, part)));
        }
        return eraseFiles(tenantFolder(dir, scope), { chains }, signal);
      }),
  };
}

/** The texts first: a chain that is there has them. */
async function writeBoth(chain: string, root: string, trace: Trace): Promise<void> {
  const texts = textsPath(chain, root);
  for (let tries = 1; ; tries++) {
    try {
      await writeWhole(texts, packedTexts(trace.texts), "replace");
      if (await writeWhole(chain, traceJsonl(trace), "only-new")) return;
      const winner = await readChain(chain);
      if (winner?.lines.at(-1)?.hash !== root) await scrub(texts);
      isSameTrace(winner, root);
      return;
    } catch (error) {
      // an erasure takes unfinished files away
      if (codeOf(error) !== "ENOENT" || tries === 3) throw error;
    }
  }
}
