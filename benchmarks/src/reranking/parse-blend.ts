import { invalidOption } from "@clew/core";
import { type Blend, bandedBlend, calibratedBlend, stretchedBlend } from "@clew/retrievers";

/**
 * A blend by the name that the command line gives it: `calibrated:.5`, `stretched:.3`, or `banded`.
 *
 * @throws ClewError `invalid-option`
 */
export function parseBlend(name: string): Blend {
  const [kind, value] = name.split(":");
  const share = value === undefined ? undefined : Number(value);
  switch (kind) {
    case "calibrated":
      return calibratedBlend({ share });
    case "stretched":
      return stretchedBlend({ share });
    case "banded":
      if (share === undefined) return bandedBlend();
  }
  throw invalidOption("blends", "of calibrated[:share], stretched[:share], banded", name);
}
