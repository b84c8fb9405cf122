import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import { startZipferry } from "../cli/zipferry.ts";
import { type SettledTree, settledTree } from "../http/support/settled-tree.ts";
import { collect, noise } from "../support/bytes.ts";
import { hasChromium, openChromium } from "../support/chromium.ts";
import { type Program, stopPrograms } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { startWatchedProxy, type WatchedProxy } from "./watched-proxy.ts";

const MiB = 1 << 20;
/** Enough for Chromium to have most of it on its disk when it is cut. */
const CUT_AFTER = 8 * MiB;

const temp = useTempDirectory();
let tree: SettledTree;
let expected: Buffer;
beforeAll(async () => {
	tree = await settledTree({
		"large.bin": noise(30 * MiB),
		...Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`small/${n}.txt`, noise(20_000 + n, n)])),
		"zz ü.txt": Buffer.from("the end"),
	});
	expected = Buffer.alloc(0);
	await createZip(
		tree.root,
		async (chunks) => {
			expected = await collect(chunks);
		},
		{ method: "wrap" },
	);
});
afterAll(() => tree.remove());

let context: BrowserContext | undefined;
let proxy: WatchedProxy | undefined;
afterEach(async () => {
	await context?.close();
	await proxy?.close();
	await stopPrograms();
	context = undefined;
	proxy = undefined;
});

/** The command as it is installed, in a process of its own. */
async function serve(port = 0): Promise<{ readonly program: Program; readonly port: number }> {
	const program = startZipferry(
		["serve", tree.root, "--port", `${port}`, "--crc-cache", temp.path("crcs"), "--verbose"],
		{ env: { HOME: temp.path() } },
	);
	const [, taken = ""] = await program.says(/http:\/\/127\.0\.0\.1:(\d+)\//);
	return { program, port: Number(taken) };
}

/** Opens the page, follows the link to the archive, and opens the list of downloads as one does with Ctrl-J. */
async function beginDownload(url: string): Promise<Page> {
	context = await openChromium(temp.path("profile"), {
		acceptDownloads: true,
		downloadsPath: temp.path("downloads"),
	});
	const page = await context.newPage();
	await page.goto(url);
	const link = page.getByRole("link", { name: `Download ${basename(tree.root)} as ZIP` });
	await Promise.all([page.waitForEvent("download"), link.click()]);
	const list = await context.newPage();
	await list.goto("chrome://downloads");
	return list;
}

/** Presses "Resume" in the list of downloads if it is there; while a download goes on, the button says "Pause". */
function pressResume(list: Page): Promise<boolean> {
	return list.evaluate(`(() => {
		const item = document.querySelector("downloads-manager")?.shadowRoot?.querySelector("downloads-item");
		const button = item?.shadowRoot?.querySelector("#pause-or-resume");
		if (button?.textContent.trim() !== "Resume") return false;
		button.click();
		return true;
	})()`);
}

/** Presses "Resume" whenever the browser offers it, which it does when it has given up resuming by itself. */
async function resumeToTheEnd(list: Page): Promise<void> {
	await expect
		.poll(
			async () => {
				await pressResume(list);
				return finishedDownload();
			},
			{ timeout: 120_000, interval: 500 },
		)
		.toBeDefined();
}

/** The path of the file, when the browser has given it the name of one that is whole. */
async function finishedDownload(): Promise<string | undefined> {
	const names = await readdir(temp.path("downloads"));
	const name = names.find((one) => !one.endsWith(".crdownload"));
	if (name === undefined || (await stat(join(temp.path("downloads"), name))).size === 0) return undefined;
	return join(temp.path("downloads"), name);
}

const isThere = hasChromium("a download of serve that is resumed");

describe.skipIf(!isThere)(
	"a download in Chromium that is cut off",
	{ tags: "slow", timeout: 180_000 },
	() => {
		it("is resumed while the server goes on, by itself or with the button of the browser", async () => {
			const { program, port } = await serve();
			proxy = await startWatchedProxy(port, { limits: [CUT_AFTER, CUT_AFTER] });
			const list = await beginDownload(proxy.url);
			await resumeToTheEnd(list);
			await expectResumed(proxy);
			program.kill("SIGTERM");
			const { stderr } = await program.ended;
			expect(stderr.match(/ GET \/\?zip=[\da-f]{32} 206, /g)?.length).toBeGreaterThanOrEqual(2);
		});

		it("is resumed with the button of the browser when the server was killed and is there again", async () => {
			const first = await serve();
			proxy = await startWatchedProxy(first.port, {
				limits: [CUT_AFTER],
				beforeCut: async () => {
					first.program.kill("SIGKILL");
					await first.program.ended;
				},
			});
			const list = await beginDownload(proxy.url);
			await first.program.ended;
			const { program } = await serve(first.port);
			await resumeToTheEnd(list);
			await expectResumed(proxy);
			program.kill("SIGTERM");
			const { stderr } = await program.ended;
			expect(stderr.match(/ GET \/\?zip=[\da-f]{32} (\d+), /g)).toEqual([expect.stringContaining(" 206, ")]);
		});
	},
);

/** The file is the archive byte for byte, and all but the first request were for the rest of the very same archive. */
async function expectResumed({ archives }: WatchedProxy): Promise<void> {
	const path = await finishedDownload();
	const got = await readFile(path ?? "");
	expect(got.equals(expected), `${got.byteLength} of ${expected.byteLength} bytes`).toBe(true);
	const [whole, ...rest] = archives;
	expect(whole).toMatchObject({ range: undefined, ifRange: undefined, status: 200 });
	const etag = `"${/\?zip=([\da-f]{32})$/.exec(whole?.target ?? "")?.[1]}"`;
	expect(rest.length).toBeGreaterThanOrEqual(1);
	for (const { range, ifRange, target } of rest)
		expect({ range, ifRange, target }).toEqual({
			range: expect.stringMatching(/^bytes=[1-9]\d*-$/),
			ifRange: etag,
			target: whole?.target,
		});
	const last = rest.at(-1);
	const start = Number(/\d+/.exec(last?.range ?? "")?.[0]);
	expect(last).toMatchObject({
		status: 206,
		contentRange: `bytes ${start}-${expected.byteLength - 1}/${expected.byteLength}`,
	});
}
