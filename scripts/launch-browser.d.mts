import type { Browser } from "playwright-core";

/** The system's Chromium; undefined where there is none. */
export function findChromium(): string | undefined;
/** Starts the browser; whoever starts it closes it. */
export function launchBrowser(): Promise<Browser>;
