import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

// made anew by: npx vitest run packages/core/src/proof/page-script.test.ts -u
it("the script in the page is the one that its sources make", async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./page/main.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    write: false,
    // type checks are tsc's; its settings are not what the script depends on
    tsconfigRaw: { compilerOptions: { target: "ES2022", verbatimModuleSyntax: true } },
  });
  const script = outputFiles[0]!.text.trim();
  expect(script).toMatch(/^[\t\n\x20-\x7e]+$/);
  expect(script).not.toMatch(/<\/script|<!--/i);
  const file = `// Made of page/main.ts by page-script.test.ts, which also says when it is out of date.\n/** The script of the page. */\nexport const pageScript =\n  ${JSON.stringify(script)};\n`;
  await expect(file).toMatchFileSnapshot("./assets/page-script.ts");
});
