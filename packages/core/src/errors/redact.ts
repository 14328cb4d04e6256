const longest = 300;
/** What looks like a key, wherever it stands. The replacements are constants: nothing of the message is a template. */
const patterns: readonly (readonly [pattern: RegExp, by: string])[] = [
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@]{1,500}@/gi, "$1…@"],
  [/\b(https?:\/\/[^\s?#"'<>]{1,500})[?#][^\s"'<>)]+/gi, "$1?…"],
  [/\b(bearer|basic|token)\s+[\w.~+/=-]{8,}/gi, "$1 …"],
  [
    /\b((?:[\w-]{0,40}[-_ ])?(?:api[-_ ]?key|key|token|secret|password|passwd|pwd|authorization|signature)["']?\s{0,4}[:=]\s{0,4}["']?)[^\s"',;&}]+/gi,
    "$1…",
  ],
  [/\b(?:sk|pk|rk|gh[a-z]|xox[a-z]|hf|gsk|tvly|pplx|AKIA|AIza)[-_]?[\w-]{16,}/g, "…"],
];

/**
 * A message of unknown hand without what looks like a key (passwords and queries of addresses, bearer tokens, values of
 * fields so named, the keys of known services), on one line of at most 300 characters.
 *
 * @param secrets taken out wherever they stand
 */
export function redact(message: string, secrets: readonly string[] = []): string {
  let text = message.slice(0, 8000);
  for (const secret of secrets) if (secret !== "") text = text.replaceAll(secret, "…");
  for (const [pattern, by] of patterns) text = text.replace(pattern, by);
  text = text.replace(/\s+/g, " ").trim();
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
