import { readFile } from "node:fs/promises";
import type { BrowserContext, Download, Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { lowContrasts } from "../backup/report/low-contrasts.ts";
import { hasChromium, openChromium } from "../support/chromium.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipContents } from "../support/zip-contents.ts";
import { startSite, stopSites, type TestSite } from "./site.ts";

/** A directory for pictures of all pages, to be looked at. */
const PICTURES = process.env["ZIPFERRY_TEST_PICTURES"];

const temp = useTempDirectory();
let context: BrowserContext | undefined;
afterEach(async () => {
	await context?.close();
	context = undefined;
	await stopSites();
});

/** A browser of its own, which asks nobody else for anything. */
async function openBrowser(width = 1280, colorScheme: "dark" | "light" = "light"): Promise<Page> {
	context = await openChromium(temp.path("profile"), {
		acceptDownloads: true,
		downloadsPath: temp.path("downloads"),
		viewport: { width, height: 900 },
		colorScheme,
	});
	return context.newPage();
}

const ODD = `ümläut 🏖️ 👨‍👩‍👧 "q' <b> 100% #1?`;
const LONG = "x".repeat(200);

async function start(): Promise<TestSite> {
	await temp.write({
		"Ferien/a.txt": "alpha",
		[`Ferien/${ODD}/photo ü.txt`]: "inside",
		[`Ferien/${LONG}/y`]: "y",
		[`Ferien/${LONG}.txt`]: "long",
		"Ferien/page.html": "<title>before</title><script>document.title = 'ran'</script><p>hello",
		"Ferien/evil.svg": `<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.id = "ran"</script></svg>`,
	});
	return startSite(temp.path("Ferien"), temp.path("crc"));
}

async function contentsOf(download: Download): Promise<Map<string, string>> {
	const contents = await zipContents(await readFile(await download.path()));
	return new Map([...contents].map(([name, { data }]) => [name, data.toString()]));
}

const isThere = hasChromium("the site of serve");

describe.skipIf(!isThere)("zipferry serve in Chromium", { tags: "slow", timeout: 180_000 }, () => {
	it.each([1280, 360].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ width, scheme }))))(
		"has pages that fit, can be read and ask for nothing else: $width px, $scheme",
		async ({ width, scheme }) => {
			const { url } = await start();
			const page = await openBrowser(width, scheme);
			const said: string[] = [];
			const requested: string[] = [];
			page.on("console", (message) => said.push(message.text()));
			page.on("pageerror", (error) => said.push(error.message));
			page.on("request", (request) => requested.push(request.url()));
			for (const path of ["", `${encodeURIComponent(ODD)}/`, `${LONG}/`]) {
				await page.goto(`${url}${path}`);
				expect(await page.evaluate("document.documentElement.scrollWidth"), path).toBeLessThanOrEqual(width);
				expect(await page.evaluate(lowContrasts()), path).toEqual([]);
				expect(await page.evaluate("document.documentElement.lang")).toBe("en");
				expect(await page.getByRole("main").count()).toBe(1);
				expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
				if (PICTURES !== undefined)
					await page.screenshot({
						path: `${PICTURES}/serve-${path.length}-${width}-${scheme}.png`,
						fullPage: true,
					});
			}
			expect(requested.filter((one) => !one.endsWith("/favicon.ico"))).toHaveLength(3);
			expect(said.filter((one) => !one.includes("404"))).toEqual([]);
		},
	);

	it("downloads a folder by its link, with names that have umlauts and emoji", async () => {
		const { url } = await start();
		const page = await openBrowser();
		await page.goto(url);
		await page.getByRole("link", { name: ODD, exact: false }).first().click();
		await page.waitForURL(({ pathname }) => pathname !== "/");
		expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(ODD);
		const waiting = page.waitForEvent("download");
		await page.getByRole("link", { name: /^Download .* as ZIP/ }).click();
		const download = await waiting;
		expect(download.suggestedFilename()).toMatch(/^ümläut 🏖️ .*100% .*\.zip$/);
		expect(await contentsOf(download)).toEqual(new Map([["photo ü.txt", "inside"]]));
		await page
			.getByRole("navigation", { name: "Folders above" })
			.getByRole("link", { name: "Ferien" })
			.click();
		expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Ferien");
	});

	it("can be used with the keyboard alone: Tab to the ZIP, Enter downloads it", async () => {
		const { url } = await start();
		const page = await openBrowser(360);
		await page.goto(url);
		await page.keyboard.press("Tab");
		expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toMatch(
			/^Download Ferien as ZIP, /,
		);
		expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
		const waiting = page.waitForEvent("download");
		await page.keyboard.press("Enter");
		expect((await contentsOf(await waiting)).get("a.txt")).toBe("alpha");
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		await page.waitForURL(({ pathname }) => pathname !== "/");
		expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
	});

	it("runs no script of a file that is served", async () => {
		const { url } = await start();
		const page = await openBrowser();
		await page.goto(`${url}page.html`);
		expect(await page.title()).toBe("before");
		expect(await page.textContent("p")).toBe("hello");
		await page.goto(`${url}evil.svg`);
		expect(await page.evaluate("document.documentElement.id")).toBe("");
	});

	it("closes everything when a download is cancelled, and gives it whole the next time", async () => {
		await temp.write({ "Ferien/large": Buffer.alloc(300_000_000) });
		const { url, events } = await start();
		const page = await openBrowser();
		await page.goto(url);
		const link = page.getByRole("link", { name: /^Download Ferien as ZIP/ });
		const cancelled = page.waitForEvent("download");
		await link.click();
		await (await cancelled).cancel();
		await expect
			.poll(() => events)
			.toContainEqual(
				expect.objectContaining({ request: expect.objectContaining({ status: 200, complete: false }) }),
			);
		const again = page.waitForEvent("download");
		await link.click();
		const download = await again;
		expect(await download.failure()).toBeNull();
		expect((await contentsOf(download)).get("a.txt")).toBe("alpha");
	});

	it("says that a folder has changed since the page was made, and links to the new archive", async () => {
		const { url } = await start();
		const page = await openBrowser();
		await page.goto(url);
		await temp.write({ "Ferien/a.txt": "ALPHA, and more" });
		await page.getByRole("link", { name: /^Download Ferien as ZIP/ }).click();
		await page.getByRole("heading", { name: "This folder has changed" }).waitFor();
		const waiting = page.waitForEvent("download");
		await page.getByRole("link", { name: "Download Ferien as it is now" }).click();
		expect((await contentsOf(await waiting)).get("a.txt")).toBe("ALPHA, and more");
	});
});
