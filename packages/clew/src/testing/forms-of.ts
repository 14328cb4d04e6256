/** The forms in which a text may lie in a file: UTF-8, UTF-16, JSON escapes, and base64 at each of its three alignments. */
export function formsOf(text: string): Buffer[] {
  const escaped = JSON.stringify(text).slice(1, -1);
  const ascii = [...escaped].map((letter) => (letter < "\u0080" ? letter : unicodeEscape(letter))).join("");
  const bytes = Buffer.from(text);
  const forms = [bytes, Buffer.from(text, "utf16le"), Buffer.from(escaped), Buffer.from(ascii), ...base64Of(bytes)];
  return [...new Map(forms.map((form) => [form.toString("latin1"), form])).values()];
}

const unicodeEscape = (letter: string): string =>
  Array.from({ length: letter.length }, (_, at) => `\\u${letter.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );

/** What every base64 text that holds the bytes holds too, by how many bytes stand before them. */
function base64Of(bytes: Buffer): Buffer[] {
  return [0, 1, 2].map((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.subarray(0, padded.length - (padded.length % 3)).toString("base64");
    // the first digits depend on the bytes before
    return Buffer.from(whole.slice([0, 2, 3][before]!));
  });
}
