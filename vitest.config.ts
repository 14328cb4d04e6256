import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // relative to wherever vitest is started: the root, or one package
    include: ["**/src/**/*.test.ts", "**/test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.browser.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
