// A real Chromium for tests: headless, with an empty profile, and asking nothing of any server that the page does not.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** The system's Chromium: the one that CHROMIUM names, or where distributions put it. */
export function findChromium() {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return process.env.CHROMIUM ?? places.find((place) => existsSync(place));
}

/** Starts the browser; whoever starts it closes it. */
export async function launchBrowser() {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium: npm run test:browser installs one.");
  return chromium.launch({
    executablePath,
    args: [
      ...["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync"],
      // Chromium refuses to run as root inside its sandbox
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
}
