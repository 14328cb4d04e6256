import { sniffMediaType } from "../sniff-media-type.js";
import { unreadableSource } from "../unreadable-source.js";
import { WorkerFailure, workerCall } from "../worker-call.js";
import { type PageItems, type PlaceItemsOptions, placeItems } from "./text-item.js";

/** Options of {@link readPages}. */
export interface ReadPagesOptions {
  readonly bytes: Uint8Array;
  /** File name, for messages. */
  readonly name: string;
  /** Takes the pages in their order. */
  readonly onPage: (page: PageItems) => void;
  readonly signal?: AbortSignal | undefined;
}

/** What a PDF says about itself. */
export interface PdfInfo {
  readonly title?: string | undefined;
  /** As written; perhaps no language tag. */
  readonly language?: string | undefined;
}

/**
 * Takes the text items off the pages of a PDF, with unpdf on a thread of its own.
 *
 * @throws ClewError `unreadable-source` for a file that is empty, encrypted, broken or no PDF
 * @throws ClewError `missing-package` when unpdf is not installed
 */
export async function readPages({ bytes, name, onPage, signal }: ReadPagesOptions): Promise<PdfInfo> {
  const looks = sniffMediaType(bytes);
  if (looks.mediaType !== "application/pdf") {
    throw unreadableSource({
      name,
      because: `it is ${looks.description}, not a PDF file`,
      remedy: "Replace it with the PDF, or give it the name ending of what it is.",
    });
  }
  try {
    return await workerCall<PlaceItemsOptions, PdfInfo>({
      script: "pdf.js",
      request: { bytes },
      neededBy: "pdfReader",
      onPart: (page) => onPage(placeItems(page)),
      signal,
    });
  } catch (cause) {
    if (!(cause instanceof WorkerFailure)) throw cause;
    if (cause.kind === "PasswordException") {
      const remedy = "Save a copy without the password and read that.";
      throw unreadableSource({ name, because: "it is encrypted with a password", remedy, cause });
    }
    const because = `the PDF is damaged or incomplete (${cause.message})`;
    throw unreadableSource({ name, because, remedy: "Download or export it again.", cause });
  }
}
