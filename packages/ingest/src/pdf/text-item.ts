/** A piece of text where it stands on a page: points, origin at the top left, as a viewer shows the page. */
export interface TextItem {
  readonly text: string;
  /** Left end of the baseline. */
  readonly x: number;
  /** Baseline, counted downwards. */
  readonly y: number;
  readonly width: number;
  /** Font size. */
  readonly size: number;
  /** Identity of the font within the document; says nothing about its look. */
  readonly font: string;
  readonly rightToLeft: boolean;
}

/** What a page holds, before lines are made of it. */
export interface PageItems {
  readonly items: readonly TextItem[];
  readonly width: number;
  readonly height: number;
}

/** The parts of pdf.js text content that are read here. */
interface ContentItem {
  readonly str: string;
  readonly dir: string;
  readonly transform: readonly number[];
  readonly width: number;
  readonly fontName: string;
}

/** Options of {@link placeItems}. */
export interface PlaceItemsOptions {
  /** `items` of pdf.js' text content; marked content is ignored. */
  readonly content: readonly object[];
  /** The page's viewport at scale 1. */
  readonly viewport: { readonly width: number; readonly height: number; readonly transform: readonly number[] };
}

/**
 * Places text items as a viewer shows them. White space is dropped (gaps are measured, not trusted), and so is a text
 * that is printed twice at one place, which is how some programs make bold letters. Ligatures are spelled out and soft
 * hyphens inside a line dropped.
 */
export function placeItems({ content, viewport }: PlaceItemsOptions): PageItems {
  const items: TextItem[] = [];
  const seen = new Map<string, TextItem>();
  for (const raw of content) {
    if (!isContentItem(raw)) continue;
    const text = spellOut(raw.str);
    if (text.trim() === "") continue;
    const [a, b, c, d, e, f] = multiply(viewport.transform, raw.transform);
    const upright = Math.abs(b) <= Math.abs(a) * 0.2;
    const item = {
      text,
      x: e,
      y: f,
      width: upright ? raw.width : 0,
      size: Math.hypot(c, d) || Math.hypot(a, b) || 1,
      font: raw.fontName,
      rightToLeft: raw.dir === "rtl",
    };
    const twin = seen.get(text);
    if (twin && Math.abs(twin.x - item.x) < item.size * 0.2 && Math.abs(twin.y - item.y) < item.size * 0.2) continue;
    seen.set(text, item);
    items.push(item);
  }
  return { items, width: viewport.width, height: viewport.height };
}

const isContentItem = (item: object): item is ContentItem => "str" in item && "transform" in item;

const ligatures: Readonly<Record<string, string>> = {
  ﬀ: "ff",
  ﬁ: "fi",
  ﬂ: "fl",
  ﬃ: "ffi",
  ﬄ: "ffl",
  ﬅ: "st",
  ﬆ: "st",
};

const spellOut = (text: string): string =>
  text
    .replace(/[\ufb00-\ufb06]/g, (ligature) => ligatures[ligature]!)
    .replace(/\u00ad(?!\s*$)/g, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
    .normalize("NFC");

type Matrix = [number, number, number, number, number, number];

function multiply(outer: readonly number[], inner: readonly number[]): Matrix {
  const [a, b, c, d, e, f] = outer as Matrix;
  const [p, q, r, s, t, u] = inner as Matrix;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}
