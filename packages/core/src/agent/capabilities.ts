/** What a chat model can do, declared by the user or found out by a probe. Unknown is not the same as no. */
export interface Capabilities {
  /** Calls tools. */
  readonly tools?: boolean | undefined;
  /** Keeps to a JSON schema. */
  readonly jsonSchema?: boolean | undefined;
  /** Writes JSON when asked to. */
  readonly jsonMode?: boolean | undefined;
  readonly logprobs?: boolean | undefined;
  /** Longest prompt and answer together, in tokens. */
  readonly contextTokens?: number | undefined;
  /** Reports usage while streaming. */
  readonly streamUsage?: boolean | undefined;
}
