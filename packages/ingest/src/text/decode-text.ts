import { type Note, note } from "@clew/core";
import { breathe } from "../event-loop.js";
import { sniffMediaType } from "../sniff-media-type.js";
import { unreadableSource } from "../unreadable-source.js";

/** Options of {@link decodeText}. */
export interface DecodeTextOptions {
  /** File name, for messages. */
  readonly name: string;
  /** Encoding that the content itself declares (an HTML `meta`), as a WHATWG label. */
  readonly declared?: string | undefined;
  /** What the caller takes the bytes for ("Markdown", "CSV"), for messages. */
  readonly expected: string;
  readonly signal?: AbortSignal | undefined;
}

/** Text with the encoding that it was read in. */
export interface DecodedText {
  /** NFC, lines ended by `\n`, without a byte order mark. */
  readonly text: string;
  /** WHATWG name of the encoding. */
  readonly encoding: string;
  readonly notes: readonly Note[];
}

const chunkBytes = 1 << 18;
const lookBack = 4096;
// NFC never joins one of these with what stands before it; \n may be the second half of \r\n
const boundary = /[ -\u02ff\u3001-\u3029\u3041-\u3096\u3400-\u9fff\uac00-\ud7a3]/;

/**
 * Makes canonical text of bytes: UTF-8 and UTF-16 by their byte order marks, else the declared encoding, else UTF-8
 * when the bytes are valid UTF-8, else windows-1252 with a `guessed` note. Works in pieces of 256 KiB, so that long
 * texts do not stop the event loop.
 *
 * @throws ClewError `unreadable-source` for bytes that are empty, blank or no text
 */
export async function decodeText(
  bytes: Uint8Array,
  { name, declared, expected, signal }: DecodeTextOptions,
): Promise<DecodedText> {
  signal?.throwIfAborted();
  const sniffed = sniffMediaType(bytes);
  if (bytes.length === 0) {
    throw unreadableSource({ name, because: "it is empty (0 bytes)", remedy: "Fill it, or leave it out." });
  }
  if (!isText(sniffed.mediaType)) {
    throw unreadableSource({
      name,
      because: `it is ${sniffed.description}, not ${expected}`,
      remedy: "Give it the ending of what it is, or leave it out.",
    });
  }

  const marked = byteOrderMark(bytes);
  const wide = marked === undefined && sniffed.encoding !== "utf-8" ? sniffed.encoding : undefined;
  const label = marked ?? wide ?? knownEncoding(declared);
  const notes: Note[] = [];
  if (wide !== undefined) {
    notes.push(note("guessed", `${name} was read as ${wide}, though it has no byte order mark.`, { encoding: wide }));
  }
  if (declared !== undefined && label === undefined) {
    notes.push(note("guessed", `${name} declares the unknown encoding "${declared}"; it was guessed instead.`));
  }
  let encoding = label ?? "utf-8";
  let text: string;
  try {
    text = await decode(bytes, encoding, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    if (!(cause instanceof TypeError)) throw cause;
    if (label?.startsWith("utf-16")) {
      throw unreadableSource({
        name,
        because: `it begins as ${label} and goes on as something else`,
        remedy: "Save it again, in one encoding.",
        cause,
      });
    }
    const claim = label === undefined ? "is not valid UTF-8" : `is not valid ${label}, which it declares`;
    encoding = "windows-1252";
    notes.push(
      note("guessed", `${name} ${claim}; it was read as ${encoding}. Save it as UTF-8 if that is wrong.`, { encoding }),
    );
    text = await decode(bytes, encoding, signal);
  }
  if (text.trim() === "") {
    throw unreadableSource({ name, because: "it holds nothing but white space", remedy: "Fill it, or leave it out." });
  }
  return { text, encoding, notes };
}

async function decode(bytes: Uint8Array, encoding: string, signal: AbortSignal | undefined): Promise<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const done: string[] = [];
  let open = "";
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    if (start > 0) await breathe(signal);
    const end = Math.min(start + chunkBytes, bytes.length);
    open += decoder.decode(bytes.subarray(start, end), { stream: end < bytes.length });
    if (end === bytes.length) break;
    let cut = open.length - 1;
    const lowest = Math.max(0, cut - lookBack);
    while (cut > lowest && !boundary.test(open[cut]!)) cut--;
    if (cut <= lowest) continue;
    done.push(canonical(open.slice(0, cut), encoding));
    open = open.slice(cut);
  }
  done.push(canonical(open, encoding));
  return done.join("");
}

// a piece begins with a character that never composes backwards, and never with the \n of a \r\n: see `boundary`
function canonical(piece: string, encoding: string): string {
  const text =
    encoding === "windows-1252" ? piece.replace(c1, (mark) => windows1252[mark.charCodeAt(0) - 0x80]!) : piece;
  return text.replace(/\r\n?/g, "\n").replaceAll("\0", "\ufffd").normalize("NFC");
}

// Node 20 decodes windows-1252 as ISO 8859-1, where these are control characters. @see WHATWG Encoding, index-windows-1252
const c1 = /[\u0080-\u009f]/g;
const windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

const isText = (mediaType: string): boolean => mediaType.startsWith("text/") || mediaType === "application/xml";

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return undefined;
}

function knownEncoding(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    // an unknown label: the caller's note says so
    return undefined;
  }
}
