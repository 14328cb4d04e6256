const selectors = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]+/gu;
const bits: readonly (readonly [string, string])[] = [
  ["\u200b", "\u200c"],
  ["\u200c", "\u200d"],
  ["\u2062", "\u2063"],
  ["\ufe0e", "\ufe0f"],
];

/**
 * A text with everything that a gifted reader finds in it: what is hidden in tags, variation selectors and zero-width
 * characters, and what is spelled in base64, hexadecimal, rot13, backwards, escapes, entities or wide letters.
 */
export function decoded(text: string): string {
  const tags = text.replace(/[\u{e0000}-\u{e007f}]/gu, (one) => String.fromCharCode(one.codePointAt(0)! - 0xe0000));
  const found = [text, tags, text.replace(/\p{Default_Ignorable_Code_Point}/gu, ""), text.normalize("NFKC")];
  for (const [run] of text.matchAll(selectors)) {
    const codes = [...run].map((one) => one.codePointAt(0)!);
    found.push(
      new TextDecoder().decode(
        Uint8Array.from(codes.map((code) => (code < 0xfe10 ? code - 0xfe00 : code - 0xe0100 + 16))),
      ),
    );
  }
  for (const [zero, one] of bits) {
    for (const [run] of text.matchAll(new RegExp(`[${zero}${one}]{8,}`, "gu"))) {
      const digits = [...run].map((bit) => (bit === one ? "1" : "0")).join("");
      found.push(digits.replace(/.{8}/g, (byte) => String.fromCharCode(Number.parseInt(byte, 2))));
    }
  }
  for (const [run] of text.matchAll(/[A-Za-z0-9+/=]{40,}/g))
    found.push(base64(run), base64(base64(run)), hexadecimal(run));
  found.push(
    text.replace(/[a-z]/gi, (letter) =>
      String.fromCharCode(letter.charCodeAt(0) + (letter.toLowerCase() < "n" ? 13 : -13)),
    ),
    [...text].reverse().join(""),
    text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
    text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    text.replace(/(?<=\S) (?=\S(?: |$))/gm, ""),
  );
  return found.join("\n");
}

function base64(run: string): string {
  try {
    return atob(run);
  } catch {
    // what merely looks like base64 says nothing
    return "";
  }
}

const hexadecimal = (run: string): string =>
  /^(?:[0-9a-f]{2})+$/i.test(run) ? run.replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16))) : "";
