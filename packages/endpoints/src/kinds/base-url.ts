import { invalidOption } from "@clew/core";

/**
 * A base URL without a slash at its end.
 *
 * @throws ClewError `invalid-option`; the value is not shown, it may hold a key
 */
export function checkedBaseURL(value: unknown): string {
  const url = typeof value === "string" && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw invalidOption("baseURL", "an address such as http://127.0.0.1:8000/v1");
  }
  if (url.username !== "" || url.password !== "") {
    throw invalidOption("baseURL", "without a name and password: give them as apiKey, or in headers");
  }
  if (url.search !== "" || url.hash !== "") throw invalidOption("baseURL", "without a query: give a key as apiKey");
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

/** An address taken apart: the server, and the path at which its version of OpenAI's protocol begins. */
export interface ServerAddress {
  readonly root: string;
  readonly prefix: string;
}

/** Splits a base URL before its `/v1`; one without a path means `/v1`. */
export function addressOf(baseURL: string): ServerAddress {
  const versioned = /^(.*?)(\/v\d+)$/.exec(baseURL);
  if (versioned !== null) return { root: versioned[1]!, prefix: versioned[2]! };
  return new URL(baseURL).pathname === "/" ? { root: baseURL, prefix: "/v1" } : { root: baseURL, prefix: "" };
}
