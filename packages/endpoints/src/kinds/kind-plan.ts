import { invalidOption } from "@clew/core";
import type { EndpointInfo } from "../endpoint-info.js";
import type { CommonOptions } from "../endpoint-options.js";
import type { ChatWire } from "./chat-wire.js";
import type { Describe } from "./describe.js";

/** What a kind makes of its options: how its server is spoken to. */
export interface KindPlan {
  readonly model: string;
  readonly baseURL: string;
  /** Where the server's own pages begin. @default the base URL */
  readonly root?: string | undefined;
  readonly api?: EndpointInfo["api"] | undefined;
  /** Query that each address ends in. @default none */
  readonly query?: string | undefined;
  readonly wire: ChatWire;
  readonly describe?: Describe | undefined;
}

/** One kind of server. */
export interface KindOf<Options extends CommonOptions> {
  /** Its options beside the common ones. */
  readonly keys: readonly string[];
  /** Variable of the environment that holds its key. */
  readonly keyVariable?: string | undefined;
  /** It answers nobody without a key. */
  readonly needsKey?: boolean | undefined;
  /** Header that carries the key. @default Authorization: Bearer */
  readonly keyHeader?: string | undefined;
  plan(options: Options): KindPlan;
}

/** Checks what every kind with a choice of protocols has. */
export function checkedApi({ api = "chat", template }: { api?: unknown; template?: unknown }): "chat" | "completions" {
  if (api !== "chat" && api !== "completions") throw invalidOption("api", '"chat" or "completions"', api);
  if (template !== undefined && (api !== "completions" || typeof template !== "function")) {
    throw invalidOption("template", 'a function, with api: "completions": in chats the server writes the prompt');
  }
  return api;
}

/**
 * A text that is not empty.
 *
 * @throws ClewError `invalid-option`
 */
export function text(name: string, value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") throw invalidOption(name, "a text that is not empty", value);
  return value;
}

/** The value where it is one of those allowed. */
export function oneOf<T extends string>(name: string, value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw invalidOption(name, allowed.join(" or "), value);
  return found;
}

/** The value where it is a boolean. */
export function flag(name: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw invalidOption(name, "true or false", value);
  return value;
}
