import { loadOptional } from "@clew/core";

/** Whatever sends the commands of `@aws-sdk/client-sagemaker-runtime`: its `SageMakerRuntimeClient`. */
export interface SagemakerSender {
  send(command: never, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}

/** AWS credentials, or a function that fetches them; the SDK's `AwsCredentialIdentity` and its provider. */
export type SagemakerCredentials = AwsIdentity | (() => Promise<AwsIdentity>);

/** An AWS access key. */
export interface AwsIdentity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** How the client is made when none is given. */
export interface SagemakerClientOptions {
  readonly region: string | undefined;
  readonly credentials: SagemakerCredentials | undefined;
  readonly baseURL: string | undefined;
  readonly client: SagemakerSender | undefined;
  /** Sent, and signed, with each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The two calls that are made. */
export interface SagemakerRuntime {
  invoke(input: SagemakerInput, signal: AbortSignal): Promise<{ readonly Body?: Uint8Array } & Answered>;
  stream(
    input: SagemakerInput,
    signal: AbortSignal,
  ): Promise<{ readonly Body?: AsyncIterable<{ readonly PayloadPart?: { readonly Bytes?: Uint8Array } }> } & Answered>;
}

interface Answered {
  readonly InvokedProductionVariant?: string;
}

/** What is sent, by the names of the API. */
export interface SagemakerInput {
  readonly EndpointName: string;
  readonly Body: Uint8Array;
  readonly ContentType: string;
  readonly Accept: string;
  readonly CustomAttributes?: string;
  readonly TargetVariant?: string;
  readonly InferenceComponentName?: string;
}

/**
 * Loads the SDK and makes the client: requests are signed (SigV4) and event streams unframed by it. Its own repetitions
 * are off, since they are made above it.
 */
export async function openSagemaker({
  region,
  credentials,
  baseURL,
  client,
  headers = {},
}: SagemakerClientOptions): Promise<SagemakerRuntime> {
  const sdk = await loadOptional({
    name: "@aws-sdk/client-sagemaker-runtime",
    neededBy: "sagemakerChat",
    load: () => import("@aws-sdk/client-sagemaker-runtime"),
  });
  const own = (): SagemakerSender => {
    const made = new sdk.SageMakerRuntimeClient({
      maxAttempts: 1,
      ...(region === undefined ? {} : { region }),
      ...(credentials === undefined ? {} : { credentials }),
      ...(baseURL === undefined ? {} : { endpoint: baseURL }),
    });
    made.middlewareStack.add(
      (next) => (args) => {
        Object.assign((args.request as { headers: Record<string, string> }).headers, headers);
        return next(args);
      },
      { step: "build", name: "ownHeaders" },
    );
    return made as SagemakerSender;
  };
  const sender = client ?? own();
  const send = (command: unknown, abortSignal: AbortSignal): Promise<unknown> =>
    sender.send(command as never, { abortSignal });
  return {
    invoke: async (input, signal) =>
      (await send(new sdk.InvokeEndpointCommand(input), signal)) as Awaited<ReturnType<SagemakerRuntime["invoke"]>>,
    stream: async (input, signal) =>
      (await send(new sdk.InvokeEndpointWithResponseStreamCommand(input), signal)) as Awaited<
        ReturnType<SagemakerRuntime["stream"]>
      >,
  };
}
