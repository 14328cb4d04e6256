/** One bar. */
export interface Bar {
  readonly label: string;
  /** Greater than 0. */
  readonly value: number;
  /** A tick beyond the bar's end, on the same scale. */
  readonly tick?: number | undefined;
  /** Written behind the bar. */
  readonly note: string;
  readonly ours: boolean;
}

/** Options of {@link barsSvg}. */
export interface BarsSvgOptions {
  readonly title: string;
  readonly subtitle: string;
  /** What the scale counts. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const width = 860;
const left = 170;
const right = 190;
const top = 64;
const rowHeight = 28;
const barHeight = 16;
const ink = "#1f2933";
const pale = "#d5dbe1";
const ours = "#0b6e99";
const theirs = "#9aa5b1";

/** Horizontal bars on a logarithmic scale, as a picture that stands alone on light and dark pages. */
export function barsSvg({ title, subtitle, unit, bars }: BarsSvgOptions): string {
  const values = bars.flatMap(({ value, tick }) => [value, tick ?? value]);
  const low = Math.floor(Math.log10(Math.min(...values)) - 0.01);
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const x = (value: number): number => left + ((Math.log10(value) - low) / (high - low)) * (width - left - right);
  const bottom = top + bars.length * rowHeight;
  const height = bottom + 44;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="${ink}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(16, 26, title, `font-size="17" font-weight="600"`),
    text(16, 46, subtitle, `fill="#52606d"`),
  ];
  for (let power = low; power <= high; power++) {
    const at = round(x(10 ** power));
    parts.push(`<line x1="${at}" x2="${at}" y1="${top - 4}" y2="${bottom}" stroke="${pale}"/>`);
    parts.push(text(at, bottom + 16, short(10 ** power), `text-anchor="middle" fill="#52606d"`));
  }
  parts.push(text((left + width - right) / 2, bottom + 34, unit, `text-anchor="middle" fill="#52606d"`));
  for (const [row, bar] of bars.entries()) {
    const y = top + row * rowHeight;
    const middle = y + barHeight / 2;
    const end = round(x(bar.value));
    const furthest = bar.tick === undefined ? end : Math.max(end, round(x(bar.tick)));
    const weight = bar.ours ? ` font-weight="600"` : "";
    parts.push(text(left - 10, middle + 4, bar.label, `text-anchor="end"${weight}`));
    parts.push(
      `<rect x="${left}" y="${y}" width="${round(Math.max(1, end - left))}" height="${barHeight}" fill="${bar.ours ? ours : theirs}"/>`,
    );
    if (bar.tick !== undefined) {
      parts.push(`<line x1="${end}" x2="${furthest}" y1="${middle}" y2="${middle}" stroke="${ink}"/>`);
      parts.push(`<line x1="${furthest}" x2="${furthest}" y1="${y + 3}" y2="${y + barHeight - 3}" stroke="${ink}"/>`);
    }
    parts.push(text(furthest + 8, middle + 4, bar.note, bar.ours ? `font-weight="600"` : ""));
  }
  return `${[...parts, "</svg>"].join("\n")}\n`;
}

const text = (x: number, y: number, content: string, attributes: string): string =>
  `<text x="${x}" y="${y}"${attributes === "" ? "" : ` ${attributes}`}>${escaped(content)}</text>`;

const round = (value: number): number => Math.round(value * 10) / 10;

const short = (value: number): string =>
  value >= 1 ? String(Math.round(value)) : String(Number(value.toPrecision(1)));

const escaped = (content: string): string => content.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
