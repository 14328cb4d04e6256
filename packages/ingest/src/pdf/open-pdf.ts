import { loadOptional } from "@clew/core";
import { sniffMediaType } from "../sniff-media-type.js";
import { unreadableSource } from "../unreadable-source.js";

/** Options of {@link openPdf}. */
export interface OpenPdfOptions {
  readonly bytes: Uint8Array;
  /** File name, for messages. */
  readonly name: string;
}

type Unpdf = typeof import("unpdf");
/** An open PDF as pdf.js shows it. */
export type OpenPdf = Awaited<ReturnType<Unpdf["getDocumentProxy"]>>;

/**
 * Opens a PDF with unpdf. The bytes are copied, since pdf.js takes what it is given away from the caller.
 *
 * @throws ClewError `unreadable-source` for a file that is empty, encrypted, broken or no PDF
 * @throws ClewError `missing-package` when unpdf is not installed
 */
export async function openPdf({ bytes, name }: OpenPdfOptions): Promise<OpenPdf> {
  const looks = sniffMediaType(bytes);
  if (looks.mediaType !== "application/pdf") {
    throw unreadableSource({
      name,
      because: `it is ${looks.description}, not a PDF file`,
      remedy: "Replace it with the PDF, or give it the name ending of what it is.",
    });
  }
  const { getDocumentProxy } = await loadOptional({
    name: "unpdf",
    neededBy: "pdfReader",
    load: () => import("unpdf"),
  });
  try {
    return await getDocumentProxy(bytes.slice(), { verbosity: 0 });
  } catch (cause) {
    throw openingFailed(name, cause);
  }
}

function openingFailed(name: string, cause: unknown): Error {
  if (cause instanceof Error && cause.name === "PasswordException") {
    return unreadableSource({
      name,
      because: "it is encrypted with a password",
      remedy: "Save a copy without the password and read that.",
      cause,
    });
  }
  return damaged(name, cause);
}

/** The error for a PDF whose inner structure is broken. */
export const damaged = (name: string, cause: unknown): Error =>
  unreadableSource({
    name,
    because: `the PDF is damaged or incomplete (${cause instanceof Error ? cause.message : String(cause)})`,
    remedy: "Download or export it again.",
    cause,
  });
