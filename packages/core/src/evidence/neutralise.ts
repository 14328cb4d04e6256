/** A text made harmless for a prompt, and what was changed in it. */
export interface Neutralised {
  readonly text: string;
  /** Role tokens and markers that were broken up. */
  readonly tokens: number;
  /** Characters left out because nobody sees them. */
  readonly unseen: number;
}

const lineBreaks = /[\v\f\u0085]/g;
// Joiners spell words in Arabic and Indic scripts and join emoji; elsewhere, and in runs, they only hide something.
const hidden = new RegExp(
  [
    "(?![\\t\\n\\r\\u{200c}\\u{200d}\\u{fe0e}\\u{fe0f}])[\\p{Cc}\\p{Default_Ignorable_Code_Point}]",
    "(?<=[\\u{fe00}-\\u{fe0f}])[\\u{fe0e}\\u{fe0f}]",
    "(?<![\\u{0600}-\\u{0dff}\\u{1000}-\\u{109f}\\u{1780}-\\u{17ff}\\p{Emoji_Modifier}\\u{fe0f}\\p{Extended_Pictographic}])[\\u{200c}\\u{200d}]",
  ].join("|"),
  "gu",
);

const roles = "system|user|human|assistant|developer|tool";
const tags = `${roles}|bot|s|bos|eos|sop|eop|eoh|eoa|sys|inst|model|evidence|instructions?|think|thinking|tools|tool_calls?|tool_responses?|tool_results?|function_calls?|function_results?|invoke|(?:start|end)_of_(?:turn|image)|(?:begin|end)_of_text|unused\\d{1,4}|reserved_\\d{1,4}`;
const inSquare = `\\/?(?:inst|sys|system|system_prompt|available_tools|tool_calls|tool_results|tool_content|think|img|img_break|img_end|gmask)`;
/** What models and this library's fence read as structure. Each match is made of characters that have a full-width form. */
const tokens: readonly RegExp[] = [
  /<{3,}|>{3,}/g,
  /<(?=[|｜])|(?<=[|｜])>/g,
  new RegExp(`<(?=/?(?:[a-z]{1,16}:)?(?:${tags})[\\s/>])`, "gi"),
  /<<(?=\/?sys)/gi,
  new RegExp(`\\[(?=${inSquare}\\])`, "gi"),
  /(?<!>)>>(?=[A-Z]{5,12}<<)/g,
  /`{3,}/g,
  new RegExp(`(?<=^[ \\t>*_#"'-]{0,16}(?:${roles})(?:[ \\t](?:prompt|message|instructions?))?[ \\t*_]{0,4}):`, "gim"),
  new RegExp(`(?<!#)#{2,}(?=[ \\t]{0,8}(?:${roles}|instructions?|response)\\b)`, "gi"),
];

/**
 * Takes from a text what could pass for the structure of a prompt, and nothing else:
 *
 * - controls, bidi marks, zero-width characters, soft hyphens, tags and variation selectors are left out
 *   (joiners stay behind letters that need them, and like U+FE0F behind emoji);
 * - in special tokens (`<|im_start|>`, `[INST]`, `<<SYS>>`, `<system>`), role names at the start of a line (`Human:`),
 *   headings such as `### Instruction`, code fences and runs of three angle brackets, the telling characters take
 *   their full-width form (`＜`, `：`).
 *
 * `quoteForm` undoes all of it, so that a quote copied from the result is still found in the original. Linear time.
 */
export function neutralise(original: string): Neutralised {
  let unseen = 0;
  let broken = 0;
  let text = original.replace(lineBreaks, "\n").replace(hidden, () => {
    unseen++;
    return "";
  });
  for (const token of tokens) {
    text = text.replace(token, (found) => {
      broken++;
      return fullWidth(found);
    });
  }
  return { text, tokens: broken, unseen };
}

const fullWidth = (ascii: string): string =>
  ascii.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
