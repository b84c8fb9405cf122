import { existsSync } from "node:fs";
import { type BrowserContext, chromium, type LaunchOptions } from "playwright-core";

const CHROMIUM = process.env["ZIPFERRY_TEST_CHROMIUM"] ?? "/usr/bin/chromium";

type ContextOptions = Omit<
	NonNullable<Parameters<typeof chromium.launchPersistentContext>[1]>,
	keyof Pick<LaunchOptions, "args" | "executablePath" | "headless">
>;

/** Whether there is a browser; says so if not. */
export function hasChromium(unshown: string): boolean {
	const isThere = existsSync(CHROMIUM);
	if (!isThere) console.warn(`no ${CHROMIUM}: ${unshown} is shown to no browser`);
	return isThere;
}

/** A browser of its own, which asks nobody for anything that no page asks for. */
export function openChromium(profile: string, options: ContextOptions = {}): Promise<BrowserContext> {
	return chromium.launchPersistentContext(profile, {
		...options,
		executablePath: CHROMIUM,
		headless: true,
		args: [
			"--headless",
			"--no-sandbox",
			"--disable-gpu",
			"--disable-quic",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
		],
	});
}
