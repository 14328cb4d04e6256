/** A text as quotes are compared, with the way back. */
export interface QuoteForm {
  readonly text: string;
  /** Start, in the original, of what each UTF-16 code unit of `text` stands for. Units of one piece share it. */
  readonly starts: Uint32Array;
  /** Its end. */
  readonly ends: Uint32Array;
}

const quotes = "'\"`´‘’‚‛“”„‟‹›«»′″‵‶ʹʺʼ〝〞〟";
const dashes = "-‐‑‒–—―⸺⸻−⁃﹘﹣－˗";
const classOf = new Map<string, string>([
  ...[...quotes].map((mark) => [mark, "'"] as const),
  ...[...dashes].map((dash) => [dash, "-"] as const),
  ["⁄", "/"],
  ["∕", "/"],
]);

const whiteSpace = /^[\s\u0085]$/;
// controls (white space was looked at before) and whatever Unicode says is not to be seen: zero width, soft hyphen, bidi, tags
const unseen = /^[\p{Cc}\p{Default_Ignorable_Code_Point}]$/u;
const follower = /^[\p{M}\uff9e\uff9f]$/u;
const classed = new RegExp(`[${[...classOf.keys()].join("").replace(/[-\\]/g, "\\$&")}]`, "gu");
// sorting an endless run of marks would be quadratic; real letters carry few
const maxPiece = 32;

/**
 * The form in which a quote and its source are compared. These differences vanish, and no others:
 *
 * - a run of white space (line ends and no-break spaces included) is one space;
 * - controls and characters that are not seen (zero width, soft hyphens, bidi marks, tags) are left out;
 * - every quotation mark, apostrophe, prime and backtick is `'`; a run of dashes, hyphens and minus signs is one `-`;
 * - compatibility forms are spelled out (NFKD): ligatures, full-width forms, `…` as `...`, composed and decomposed accents.
 *
 * Case, accents, punctuation and the words themselves count. Linear time.
 */
export function quoteForm(text: string): QuoteForm {
  const parts: string[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  let last = "";
  const emit = (unit: string, start: number, end: number): void => {
    if (unit === last && (unit === " " || unit === "-")) {
      ends[ends.length - 1] = end;
      return;
    }
    for (let i = 0; i < unit.length; i++) {
      starts.push(start);
      ends.push(end);
    }
    parts.push(unit);
    last = unit;
  };

  for (let at = 0; at < text.length; ) {
    const start = at;
    const character = characterAt(text, at);
    at += character.length;
    if (isWhiteSpace(character)) emit(" ", start, at);
    else if (!isUnseen(character)) {
      const piece: Piece[] = [{ spelled: spell(character), start, end: at }];
      while (piece.length < maxPiece && at < text.length && text.charCodeAt(at) > 0x7f) {
        const next = characterAt(text, at);
        const end = at + next.length;
        if (!isUnseen(next)) {
          if (!follower.test(next)) break;
          piece.push({ spelled: spell(next), start: at, end });
        }
        at = end;
      }
      emitPiece(piece, emit);
    }
  }
  return { text: parts.join(""), starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

/** A character spelled out. */
interface Piece {
  readonly spelled: string;
  readonly start: number;
  readonly end: number;
}

/** Marks stand in canonical order nearly always; where they do not, the letter and its marks can only match as one. */
function emitPiece(piece: readonly Piece[], emit: (unit: string, start: number, end: number) => void): void {
  if (piece.length > 1) {
    const joined = piece.map(({ spelled }) => spelled).join("");
    const ordered = joined.normalize("NFD");
    if (ordered !== joined) {
      emit(ordered, piece[0]!.start, piece.at(-1)!.end);
      return;
    }
  }
  for (const { spelled, start, end } of piece) emit(spelled, start, end);
}

function spell(character: string): string {
  const same = classOf.get(character);
  if (same !== undefined) return same;
  if (character < "\x80") return character;
  const spelled = character.normalize("NFKD");
  // spacing accents such as ¨ would become a space and a mark
  if (spelled.includes(" ")) return character.normalize("NFD");
  return spelled.length === 1 ? (classOf.get(spelled) ?? spelled) : spelled.replace(classed, (c) => classOf.get(c)!);
}

function characterAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at)!);
}

const isWhiteSpace = (character: string): boolean =>
  character < "\x80" ? character === " " || (character >= "\t" && character <= "\r") : whiteSpace.test(character);

const isUnseen = (character: string): boolean =>
  character < "\x80" ? character < " " || character === "\x7f" : unseen.test(character);
