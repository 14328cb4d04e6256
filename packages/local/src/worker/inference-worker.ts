import { parentPort, workerData } from "node:worker_threads";
import { isAbandoned, throughGate } from "./gate.js";
import type { WorkerReply, WorkerRequest, WorkerStart } from "./messages.js";
import { loadOnnxModel } from "./onnx-model.js";

const port = parentPort;
if (port === null) throw new Error("inference-worker is a worker thread, not a module to import.");

const { spec, gate } = workerData as WorkerStart;
const loading = loadOnnxModel(
  spec,
  (inference) => throughGate(gate, inference),
  () => isAbandoned(gate),
);
loading.catch(() => undefined); // told to the first request below

port.on("message", async (request: WorkerRequest) => {
  const reply = await answer(request);
  port.postMessage(reply, reply.kind === "done" ? [reply.values.buffer as ArrayBuffer] : []);
});

async function answer(request: WorkerRequest): Promise<WorkerReply> {
  const model = await loading.catch((cause: unknown) => ({ message: text(cause) }));
  if ("message" in model) return { kind: "not-loaded", message: model.message };
  try {
    return { kind: "done", ...(await model.run(request)) };
  } catch (cause) {
    return { kind: "failed", message: text(cause) };
  }
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
