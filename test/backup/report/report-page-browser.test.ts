import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import type { ReportFacts } from "../../../src/backup/report/report-facts.ts";
import { reportPage } from "../../../src/backup/report/report-page.ts";
import { hasChromium, openChromium } from "../../support/chromium.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { lowContrasts } from "./low-contrasts.ts";
import { sampleArchive, sampleFacts } from "./sample-facts.ts";

/** A directory for pictures of all pages, to be looked at. */
const PICTURES = process.env["ZIPFERRY_TEST_PICTURES"];

const HOSTILE = `<script>alert(1)</script>"'&\u202e${"x".repeat(200)}`;

const PAGES: Readonly<Record<string, ReportFacts>> = {
	none: sampleFacts(0),
	one: sampleFacts(1),
	five: sampleFacts(5),
	sixty: sampleFacts(60),
	many: sampleFacts(2000),
	hostile: sampleFacts(3, {
		job: HOSTILE,
		template: HOSTILE,
		archives: [2, 1, 0].map((age) => ({ ...sampleArchive(age), key: HOSTILE, keptBy: [HOSTILE] })),
	}),
};

const scratch = useTempDirectory();
let context: BrowserContext | undefined;
afterEach(async () => {
	await context?.close();
	context = undefined;
});

/** A browser of its own, which asks nobody for anything. */
async function openBrowser(width: number, colorScheme: "dark" | "light"): Promise<Page> {
	context = await openChromium(scratch.path("profile"), {
		viewport: { width, height: 900 },
		colorScheme,
	});
	return context.newPage();
}

const isThere = hasChromium("the page of backups");

describe.skipIf(!isThere)("reportPage in Chromium", { tags: "slow", timeout: 180_000 }, () => {
	it.each([1280, 360].flatMap((width) => (["light", "dark"] as const).map((scheme) => ({ width, scheme }))))(
		"fits, can be read and asks for nothing: $width px, $scheme",
		async ({ width, scheme }) => {
			const page = await openBrowser(width, scheme);
			const said: string[] = [];
			const requested: string[] = [];
			page.on("console", (message) => said.push(message.text()));
			page.on("pageerror", (error) => said.push(error.message));
			page.on("dialog", (dialog) => {
				said.push(dialog.message());
				void dialog.dismiss();
			});
			page.on("request", (request) => requested.push(request.url()));
			for (const [name, facts] of Object.entries(PAGES)) {
				const file = scratch.path(`${name}.html`);
				await writeFile(file, reportPage(facts));
				const url = pathToFileURL(file).href;
				await page.goto(url);
				await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })");
				expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBeLessThanOrEqual(width);
				expect(await page.evaluate(lowContrasts()), name).toEqual([]);
				expect(requested.splice(0).filter((one) => one !== "data:,")).toEqual([url]);
				if (PICTURES !== undefined)
					await page.screenshot({
						path: `${PICTURES}/${name}-${width}-${scheme}.png`,
						fullPage: name !== "many",
					});
			}
			expect(said).toEqual([]);
		},
	);

	it("names each picture and keeps its tables for screen readers, on a phone as well", async () => {
		const page = await openBrowser(360, "light");
		const facts = PAGES["sixty"];
		if (facts === undefined) throw new TypeError("there is no such page");
		await page.setContent(reportPage(facts));
		await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })");
		const pictures = await page
			.getByRole("img")
			.evaluateAll((found) => found.map((one) => one.getAttribute("aria-label") ?? ""));
		expect(pictures.length).toBeGreaterThan(3);
		expect(pictures).not.toContain("");
		const archives = page.getByRole("table").last();
		expect(await archives.getByRole("row").count()).toBe(61);
		expect(await archives.getByRole("columnheader").allTextContents()).toContain("Kept by");
	});

	it("shows all archives on paper", async () => {
		const page = await openBrowser(1280, "dark");
		await page.setContent(reportPage(sampleFacts(60)));
		await page.emulateMedia({ media: "print" });
		expect(await page.locator(".archives tbody tr").last().isVisible()).toBe(true);
		expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
		if (PICTURES !== undefined) await page.pdf({ path: `${PICTURES}/paper.pdf`, format: "A4" });
	});
});
