import { describe } from "vitest";
import { fixedRuntime } from "../testing/fixed-runtime.js";
import { testTraceStore } from "../testing/test-trace-store.js";
import { memoryTraces } from "./memory-traces.js";

describe("memoryTraces", () => {
  testTraceStore({ open: () => memoryTraces({ runtime: fixedRuntime() }) });
});
