import { parentPort, workerData } from "node:worker_threads";
import { controlWords, taskWords } from "./scan-job.js";
import { type ScanKernel, scanKernel } from "./scan-kernel.js";
import type { ScanRequest, ScanStart } from "./scan-messages.js";

const port = parentPort;
if (port === null) throw new Error("scan-worker is a worker thread, not a module to import.");

const { module } = workerData as ScanStart;
const kernels = new Map<number, ScanKernel>();

port.on("message", (request: ScanRequest) => {
  if (request.kind === "space") {
    kernels.set(request.number, scanKernel(module, request.memory));
    return;
  }
  const words = new Int32Array(request.control);
  const [count, stride] = [words[controlWords.count]!, words[controlWords.stride]!];
  for (;;) {
    if (Atomics.load(words, controlWords.next) >= count) break;
    const task = Atomics.add(words, controlWords.next, 1);
    if (task >= count) break;
    const at = controlWords.done + count + task * taskWords.length;
    const word = (index: number): number => words[at + index]!;
    const kernel = kernels.get(word(taskWords.space))!;
    kernel(word(taskWords.runs), word(taskWords.runsEnd), stride, word(taskWords.query), word(taskWords.out));
    Atomics.store(words, controlWords.done + task, 1);
  }
  port.postMessage(request.job);
});
