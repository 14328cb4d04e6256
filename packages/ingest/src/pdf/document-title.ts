/** Options of {@link documentTitle}. */
export interface DocumentTitleOptions {
  /** What the file's metadata says. */
  readonly title: unknown;
  /** File name, used without its ending when the metadata says nothing sensible. */
  readonly name: string;
}

/**
 * Chooses the title of a document: the one in its metadata unless that is blank, a file name, what a program put there
 * ("Microsoft Word - report.doc", "untitled", "Slide 1") or a mere number; otherwise the file name without its ending.
 */
export function documentTitle({ title, name }: DocumentTitleOptions): string {
  const given = typeof title === "string" ? title.replace(/[\s\0]+/g, " ").trim() : "";
  const sensible = /\p{L}{2}/u.test(given) && !noTitle.test(given) && !fileName.test(given);
  return sensible ? given.normalize("NFC") : name.replace(/^.*[\\/]/, "").replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, "");
}

const noTitle =
  /^(?:microsoft (?:word|powerpoint|excel)\b.*|(?:untitled|unnamed|document|presentation|powerpoint presentation|slide|title|unknown|no title|workbook|book)[\s\d]*)$/i;
const fileName = /\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|dvi|odt|rtf|txt|html?|qxd|ps|eps|pages|key)$/i;
