/** What a model behind an endpoint's server says. */
export interface EndpointSaying {
  readonly text?: string | undefined;
  readonly toolCall?: { readonly name: string; readonly args: Readonly<Record<string, unknown>> } | undefined;
  /** @default "stop", or "tool_calls" with a tool call */
  readonly finish?: string | undefined;
}

/** How a server can fail. */
export type EndpointFault =
  /** It refuses with this status. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  /** It takes the request and never answers. */
  | { readonly kind: "silent" }
  /** It begins to answer, and stops without an end. */
  | { readonly kind: "stalls" }
  /** It closes the socket in the middle of its answer. */
  | { readonly kind: "breaks-off" }
  /** Its answer ends in order, but without what marks the end. */
  | { readonly kind: "ends-early" }
  | { readonly kind: "not-json" }
  /** An answer in form, with nothing in it: no choice, no message. */
  | { readonly kind: "empty" }
  /** An answer that counts no tokens. */
  | { readonly kind: "uncounted" };

/** A request for a model's answer, as it arrived. */
export interface EndpointRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

/** A local server that speaks an endpoint's protocol, for {@link testEndpoint}. */
export interface EndpointServer {
  readonly baseURL: string;
  /** Requests for a model's answer, in order; other pages are not among them. */
  readonly requests: readonly EndpointRequest[];
  /** Requests that are being answered. */
  readonly open: number;
  /** The most that were answered at once. */
  readonly peak: number;
  /** What it says from now on. */
  say(saying: EndpointSaying): void;
  /** The next requests meet these faults, one each. */
  fail(...faults: readonly EndpointFault[]): void;
  /** Sends answers in pieces of so many bytes, wherever characters or frames are cut. */
  cutEvery(bytes: number): void;
  /** Answers wait until the returned function is called. */
  hold(): () => void;
  close(): Promise<void>;
}
