import { defineConfig } from "vitest/config";

// npm run test:browser: tests that drive a real Chromium
export default defineConfig({
  test: {
    include: ["**/src/**/*.browser.test.ts", "**/test/**/*.browser.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // one browser at a time: each has processes of its own
    maxWorkers: 1,
  },
});
