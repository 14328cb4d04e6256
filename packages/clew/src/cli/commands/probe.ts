import type { Note } from "@clew/core";
import { endpointFromSpec, probe as findOut, probeKey } from "@clew/endpoints";
import { exitCode } from "../exit-code.js";
import { probeCache } from "../probe-cache.js";
import type { Terminal } from "../terminal.js";

/** Options of `clew probe`. */
export interface ProbeCommandOptions {
  readonly json?: boolean;
}

/** `clew probe <endpoint>`: what a served model can do. The report is kept for `clew ask --model`. */
export async function probe(spec: string, { json = false }: ProbeCommandOptions, terminal: Terminal): Promise<number> {
  const { environment, signal } = terminal;
  const onNote = ({ message }: Note): void => terminal.say(message);
  const hears = spec.startsWith("sagemaker:") ? {} : { onNote };
  const model = endpointFromSpec(spec, { environment, ...hears });
  const report = await findOut(model, { signal });
  await probeCache(terminal).set(probeKey(model), report);
  terminal.print(json ? JSON.stringify(report, null, 2) : report.text);
  return exitCode.answered;
}
