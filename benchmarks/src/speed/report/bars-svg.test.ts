import { describe, expect, it } from "vitest";
import { barsSvg } from "./bars-svg.js";

const bar = (label: string, value: number, tick?: number) => ({ label, value, tick, note: "", ours: false });
const widths = (svg: string): number[] =>
  [...svg.matchAll(/<rect x="170".*? width="([\d.]+)"/g)].map((match) => Number(match[1]));

describe("barsSvg", () => {
  it("makes a tenfold value longer by as much as any other", () => {
    const svg = barsSvg({ title: "t", subtitle: "s", unit: "ms", bars: [bar("a", 1), bar("b", 10), bar("c", 100)] });
    const [a, b, c] = widths(svg);
    // from .1 to 100 over 500 points: 3 powers of ten
    expect([a, b, c].map(Math.round as (value: unknown) => number)).toEqual([167, 333, 500]);
  });

  it("keeps names from being read as markup", () => {
    const svg = barsSvg({ title: "<b> & co", subtitle: "", unit: "", bars: [bar('"x"', 2, 3)] });
    expect(svg).toContain("&#60;b&#62; &#38; co");
    expect(svg).not.toContain("<b>");
  });

  it("draws a single value, however small, with a power of ten below it", () => {
    expect(widths(barsSvg({ title: "", subtitle: "", unit: "", bars: [bar("a", 0.01)] }))).toEqual([500]);
  });
});
