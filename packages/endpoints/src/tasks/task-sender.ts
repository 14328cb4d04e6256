import {
  ClewError,
  type ClewErrorCode,
  invalidOption,
  mayPass,
  nonNegative,
  positiveInteger,
  postJson,
  type Runtime,
  sleep as realSleep,
  requestFailure,
  systemRuntime,
} from "@clew/core";
import { jsonEvents } from "../sagemaker/json-events.js";
import { openSagemaker, type SagemakerRuntime } from "../sagemaker/sagemaker-client.js";
import { sagemakerFailure } from "../sagemaker/sagemaker-failure.js";
import { watchdog } from "../watchdog.js";
import { httpServer, type TaskServer } from "./task-options.js";

/** Sends one body, and gives back the answer. */
export type TaskSender = (path: string, body: object, signal: AbortSignal) => Promise<unknown>;

/** What a sender needs to know beside the server. */
export interface TaskSenderOptions {
  /** Name of the service, for messages. */
  readonly service: string;
  /** Code of its failures. */
  readonly failed: ClewErrorCode;
  readonly timeoutMs?: number | undefined;
  readonly coldStartMs?: number | undefined;
  readonly runtime?: Runtime | undefined;
  readonly sleep?: typeof realSleep | undefined;
}

/** Longest wait between two looks at a host that wakes up, in milliseconds. */
const lookMs = 2000;

/** Makes a {@link TaskSender}; the path does not matter to SageMaker, which has one. */
export function taskSender(server: TaskServer, options: TaskSenderOptions): TaskSender {
  const { coldStartMs = 0, runtime = systemRuntime, sleep = realSleep } = options;
  nonNegative("coldStartMs", coldStartMs);
  positiveInteger("timeoutMs", options.timeoutMs ?? 30_000);
  const send = server.kind === "sagemaker" ? overSagemaker(server, options) : overHttp(server, options);
  return async (path, body, signal) => {
    const end = runtime.now() + coldStartMs;
    for (;;) {
      try {
        return await send(path, body, signal);
      } catch (error) {
        signal.throwIfAborted();
        const failure = requestFailure(error, runtime);
        const wakes = failure.status === undefined || failure.status === 503 || failure.status === 502;
        const left = end - runtime.now();
        if (left <= 0 || !wakes || !mayPass(failure)) throw error;
        await sleep(Math.min(left, failure.retryAfterMs ?? lookMs), signal);
      }
    }
  };
}

function overHttp(server: Exclude<TaskServer, { kind: "sagemaker" }>, options: TaskSenderOptions): TaskSender {
  const { service, failed, timeoutMs = 30_000, runtime = systemRuntime } = options;
  const { baseURL, headers, secrets } = httpServer(server);
  const { fetch = globalThis.fetch } = server;
  return (path, body, signal) =>
    postJson({
      url: `${baseURL}${path}`,
      ...{ headers, body, service, failed, signal, timeoutMs, secrets, fetch, runtime },
    });
}

function overSagemaker(server: Extract<TaskServer, { kind: "sagemaker" }>, options: TaskSenderOptions): TaskSender {
  const { service, failed, timeoutMs = 30_000 } = options;
  const { endpoint, region, credentials, baseURL, client, inferenceComponent } = server;
  if (typeof endpoint !== "string" || endpoint === "") throw invalidOption("endpoint", "the name of an endpoint");
  let opened: Promise<SagemakerRuntime> | undefined;
  return async (_path, body, signal) => {
    const dog = watchdog({
      ms: timeoutMs,
      reason: () => new ClewError("timed-out", `${service} timed out: no answer within ${timeoutMs} ms.`),
    });
    try {
      opened ??= openSagemaker({ region, credentials, baseURL, client });
      const { Body } = await (await opened).invoke(
        {
          EndpointName: endpoint,
          Body: new TextEncoder().encode(JSON.stringify(body)),
          ContentType: "application/json",
          Accept: "application/json",
          ...(inferenceComponent === undefined ? {} : { InferenceComponentName: inferenceComponent }),
        },
        AbortSignal.any([signal, dog.signal]),
      );
      const events = jsonEvents(failed);
      return [...events.push(Body ?? new Uint8Array()), ...events.end()][0];
    } catch (error) {
      signal.throwIfAborted();
      dog.signal.throwIfAborted();
      const secrets =
        typeof credentials === "object"
          ? [credentials.accessKeyId, credentials.secretAccessKey, credentials.sessionToken ?? ""]
          : [];
      throw sagemakerFailure(error, { endpoint, secrets, failed });
    } finally {
      dog.clear();
    }
  };
}
