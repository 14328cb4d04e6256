import { expect, it } from "vitest";
import type { SizeFigures } from "../measure.js";
import { markdownTables } from "./markdown-tables.js";

const made = {
  build_ms: 1000,
  build_cpu_ms: 900,
  passages_per_s: 1000,
  memory_per_passage: 512.4,
  javascript_per_passage: 100,
};
const searched = { queries: 5, ms_p50: 1, ms_p95: 12.34, cpu_ms_p50: 0.5 };

it("puts numbers of passages side by side and leaves out empty columns", () => {
  const small: SizeFigures = {
    text_per_passage: 600,
    build: { clew: { ...made, disk_per_passage: 99.6 }, other: made },
    legs: { hybrid: { clew: searched, other: { ...searched, times_base: { median: 2, min: 1.5, max: 30 } } } },
    failed: {},
  };
  const large: SizeFigures = {
    ...small,
    build: { clew: made },
    legs: { hybrid: { clew: searched } },
    failed: { other: "too slow" },
  };
  expect(
    markdownTables({ 500: small, 2000: large }),
  ).toBe(`| built | passages/s, 500 | CPU s, 500 | memory B, 500 | disk B, 500 | passages/s, 2 k | CPU s, 2 k | memory B, 2 k |
| --- | --- | --- | --- | --- | --- | --- | --- |
| clew | 1.00 k | 0.900 | 512 | 100 | 1.00 k | 0.900 | 512 |
| other | 1.00 k | 0.900 | 512 |  |  |  |  |

| hybrid | p50 / p95 ms, 500 | CPU ms, 500 | times clew, 500 | p50 / p95 ms, 2 k | CPU ms, 2 k |
| --- | --- | --- | --- | --- | --- |
| clew | 1.00 / 12.3 | 0.500 |  | 1.00 / 12.3 | 0.500 |
| other | 1.00 / 12.3 | 0.500 | 2.00 (1.50–30.0) |  |  |

- other, 2 k passages: too slow
`);
});
