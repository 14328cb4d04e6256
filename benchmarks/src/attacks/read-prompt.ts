/** A prompt as a careful model reads it: by its fences and by the special tokens of its chat format. */
export interface ReadPrompt {
  /** What stands outside of every fence, and whatever follows a special token wherever that stands. */
  readonly open: string;
  /** Passages by evidence id, as they are shown. */
  readonly passages: readonly { readonly id: string; readonly title: string; readonly text: string }[];
  /** What is wrong with its structure. */
  readonly problems: readonly string[];
}

// Written from the formats themselves and not from the library's own list, so that one checks the other.
const special = new RegExp(
  [
    "<[|｜][^<>|｜\\s]{1,40}[|｜]>",
    "<\\|im_(?:start|end)",
    "\\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|TOOL_CONTENT|THINK|IMG|IMG_BREAK|IMG_END|gMASK)\\]",
    "<</?SYS>>",
    "</?s>",
    "</?(?:bos|eos|sop|eop|eoh|eoa|start_of_turn|end_of_turn|start_of_image|end_of_image|unused\\d+|reserved_\\d+)>",
    "</?(?:system|user|human|assistant|bot|developer|instructions|evidence|think|tool_call|tool_response|function_calls|invoke)\\b[^<>\\n]{0,80}>",
    ">>(?:QUESTION|ANSWER|TITLE|SUMMARY|ABSTRACT|INTRODUCTION|COMMENT|DOMAIN|SUFFIX|PREFIX|MIDDLE)<<",
    "^[ \\t>*_\"'#-]{0,12}(?:system|human|user|assistant|developer|tool)(?: (?:prompt|message))?[ \\t*_]{0,4}:",
    "#{2,} ?(?:instructions?|response|system|human|user|assistant|input)\\b",
  ].join("|"),
  "gim",
);
const unseen = new RegExp(
  [
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f]",
    "[\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0]|[\\u{e0000}-\\u{e0fff}]",
    "[\\u200c\\u200d\\ufe0e\\ufe0f]{2}",
  ].join("|"),
  "u",
);
const fenceLine = /^(<<<|>>>)(\S.*)$/;

/**
 * Reads what a model was sent: only lines that hold the marker named in the system message open and close a fence, as
 * that message says.
 */
export function readPrompt(system: string, user: string): ReadPrompt {
  const problems: string[] = [];
  const markers = new Set(Array.from(system.matchAll(/"<<<(?:evidence ID|NAME) ([^"\s]+)"/g), ([, marker]) => marker!));
  const passages: { id: string; title: string; text: string }[] = [];
  const open: string[] = [];
  let fence: { name: string; lines: string[] } | undefined;
  for (const line of user.split("\n")) {
    const [, sign, rest = ""] = fenceLine.exec(line) ?? [];
    const marker = rest.split(" ").at(-1)!;
    const name = rest.split(" ").slice(0, -1).join(" ");
    if (sign === undefined || !markers.has(marker)) {
      if (sign !== undefined) problems.push(`a line begins like a fence: ${line.slice(0, 60)}`);
      (fence?.lines ?? open).push(line);
    } else if (sign === "<<<") {
      if (fence !== undefined) problems.push(`${name} opens inside ${fence.name}`);
      fence = { name, lines: [] };
    } else {
      if (fence === undefined) problems.push(`${name} closes and was not open`);
      else if (fence.name.startsWith("evidence ")) passages.push(passageOf(fence.name.slice(9), fence.lines));
      fence = undefined;
    }
  }
  if (fence !== undefined) problems.push(`${fence.name} is never closed`);
  let behind = "";
  for (const { 0: token, index } of user.matchAll(special)) {
    problems.push(`a special token: ${token}`);
    if (behind === "") behind = user.slice(index);
  }
  const hidden = unseen.exec(user);
  if (hidden !== null) problems.push(`an unseen character: U+${hidden[0].codePointAt(0)!.toString(16)}`);
  return { open: `${open.join("\n")}\n${behind}`, passages, problems };
}

function passageOf(id: string, lines: readonly string[]): ReadPrompt["passages"][number] {
  const from = lines.indexOf("text:");
  const title = lines.slice(0, from).find((line) => line.startsWith("title: ")) ?? "";
  return { id, title: title.slice("title: ".length), text: lines.slice(from + 1).join("\n") };
}
