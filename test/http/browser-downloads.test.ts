import { readFile, stat } from "node:fs/promises";
import type { BrowserContext, Download, Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { sendZip } from "../../src/http/send-zip.ts";
import type { Source } from "../../src/sources/source.ts";
import { noise } from "../support/bytes.ts";
import { hasChromium, openChromium } from "../support/chromium.ts";
import { type PlainServer, startPlainServer } from "../support/plain-server.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { zipContents } from "../support/zip-contents.ts";
import { failingEntry } from "./support/failing-entries.ts";

const NAME = "Ümläut & Grüße 🏖️.zip";

const scratch = useTempDirectory();
let server: PlainServer | undefined;
let context: BrowserContext | undefined;
afterEach(async () => {
	await context?.close();
	await server?.close();
	context = undefined;
	server = undefined;
});

async function openPage(): Promise<Page> {
	context = await openChromium(scratch.path("profile"), {
		acceptDownloads: true,
	});
	return context.newPage();
}

/** Offers the sources behind a link on a page, and follows it. */
async function follow(sources: () => Source, method: "auto" | "wrap"): Promise<Download> {
	server = await startPlainServer((request, response) => {
		if (request.url === "/") {
			response.setHeader("content-type", "text/html");
			response.end('<a href="/album">Download all</a>');
			return;
		}
		sendZip(sources(), { filename: NAME, method, request, response }).catch(() => {});
	});
	const page = await openPage();
	await page.goto(server.url);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("link", { name: "Download all" }).click(),
	]);
	return download;
}

const isThere = hasChromium("no download");

describe.skipIf(!isThere)("downloads in Chromium", { tags: "slow", timeout: 180_000 }, () => {
	it.each(["auto", "wrap"] as const)("are saved under their name, whole: %s", async (method) => {
		const content = noise(5_000_000);
		const download = await follow(() => ({ name: "ä.bin", content, mtime: "2026-01-31" }), method);
		expect(download.suggestedFilename()).toBe(NAME);
		expect(await download.failure()).toBeNull();
		const contents = await zipContents(await readFile(await download.path()));
		expect(contents.get("ä.bin")?.data.equals(content)).toBe(true);
	});

	it.each([
		["in chunks", undefined],
		["of a known size", 16 << 20],
	])("fail if a source fails midway: %s", async (_how, size) => {
		const download = await follow(() => failingEntry(size, 5 << 20), size === undefined ? "auto" : "wrap");
		expect(await download.failure()).not.toBeNull();
		await expect(download.path().then((path) => stat(path))).rejects.toThrow();
	});
});
