const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/** The running text of a Word document, paragraph by paragraph; undefined for a file that is none, or for a browser that inflates nothing. */
export async function docxText(bytes: Uint8Array): Promise<string | undefined> {
  const xml = await entryOf(bytes, "word/document.xml");
  if (xml === undefined) return undefined;
  const tree = new DOMParser().parseFromString(new TextDecoder().decode(xml), "application/xml");
  const paragraphs = [...tree.getElementsByTagNameNS(word, "p")].map((paragraph) =>
    [...paragraph.getElementsByTagNameNS(word, "*")].map(pieceOf).join(""),
  );
  return paragraphs.length === 0 ? undefined : paragraphs.join("\n\n");
}

function pieceOf({ localName, textContent }: Element): string {
  if (localName === "t") return textContent ?? "";
  return localName === "tab" || localName === "br" || localName === "cr" ? " " : "";
}

/** One entry of a ZIP archive, inflated. @see PKWARE, APPNOTE.TXT, 4.3 */
async function entryOf(bytes: Uint8Array, path: string): Promise<Uint8Array | undefined> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) return undefined;
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0 && at + 46 <= end; left--) {
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (name === path) {
      const local = view.getUint32(at + 42, true);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      const data = bytes.slice(start, start + view.getUint32(at + 20, true));
      return view.getUint16(at + 10, true) === 0 ? data : inflate(data);
    }
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return undefined;
}

async function inflate(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  if (typeof DecompressionStream === "undefined") return undefined;
  try {
    const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    // damaged: the caller says that its text cannot be taken out
    return undefined;
  }
}
