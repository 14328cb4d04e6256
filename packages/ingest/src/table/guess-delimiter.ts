/** A delimiter and how sure it is. */
export interface GuessedDelimiter {
  readonly delimiter: string;
  /** True when it cuts every line of the sample into the same number of fields, more than one. */
  readonly certain: boolean;
}

const candidates = [",", ";", "\t", "|"];
const sampleLength = 65_536;
const sampleLines = 50;

/** The delimiter that cuts the first lines into the same number of fields most often; `preferred` wins a tie. */
export function guessDelimiter(text: string, preferred: string): GuessedDelimiter {
  const lines = sampleOf(text);
  let best = { delimiter: preferred, certain: false };
  let most = 0;
  for (const delimiter of [preferred, ...candidates.filter((one) => one !== preferred)]) {
    const counts = lines.map((line) => line.split(delimiter).length);
    const head = counts[0] ?? 1;
    if (head === 1) continue;
    const agreeing = counts.filter((count) => count === head).length / counts.length;
    // agreement decides, then the number of fields, by less than one line's worth
    const score = agreeing + Math.min(head, 1000) / 1e6;
    if (score > most + 1e-9) {
      most = score;
      best = { delimiter, certain: agreeing === 1 };
    }
  }
  return best;
}

/** The first lines with quoted fields emptied, so that what they hold is not counted. */
function sampleOf(text: string): string[] {
  const start = text.slice(0, sampleLength);
  const bare = start.replace(/"(?:[^"]|"")*"/g, '""');
  const lines = bare.split("\n");
  if (text.length > sampleLength) lines.pop(); // cut short
  return lines.filter((line) => line.trim() !== "").slice(0, sampleLines);
}
