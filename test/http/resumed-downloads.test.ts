import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat, writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createZip } from "../../src/archive/create-zip.ts";
import type { DownloadDescription } from "../../src/http/describe-download.ts";
import { noise } from "../support/bytes.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { type CuttingProxy, startCuttingProxy } from "./support/cutting-proxy.ts";
import { type DownloadServer, startDownloadServer } from "./support/download-server.ts";
import { type SettledTree, settle, settledTree } from "./support/settled-tree.ts";

const MiB = 1 << 20;
/** MiB of the largest file. With 2,048 all of it takes five minutes on two cores. */
const LARGE_MIB = Number(process.env["ZIPFERRY_TEST_DOWNLOAD_MIB"] ?? 100);
const CUTS = 20;

const hasAria2 = spawnSync("aria2c", ["--version"]).status === 0;
if (!hasAria2) console.warn("no aria2c: downloads in several connections are not tried with it");

const scratch = useTempDirectory();
let tree: SettledTree;
let expected: string;
let size: number;
beforeAll(async () => {
	const small = Object.fromEntries(
		Array.from({ length: 200 }, (_, index) => [`small/${index}.txt`, noise(20_000 + index, index)]),
	);
	tree = await settledTree({ ...small, "medium.bin": noise(7 * MiB, 1), "zz.txt": Buffer.from("the end") });
	const large = await open(`${tree.root}/large.bin`, "w");
	for (let block = 0; block < LARGE_MIB; block++) await large.write(noise(MiB, block));
	await large.close();
	await settle();
	const hash = createHash("sha256");
	const made = await createZip(
		tree.root,
		async (chunks) => {
			for await (const chunk of chunks) hash.update(chunk);
		},
		{ method: "wrap" },
	);
	expected = hash.digest("hex");
	size = made.size;
}, 300_000);
afterAll(() => tree.remove());

let server: DownloadServer | undefined;
let proxy: CuttingProxy | undefined;
afterEach(async () => {
	await proxy?.close();
	await server?.stop();
	proxy = undefined;
	server = undefined;
});

async function start(): Promise<DownloadServer> {
	server = await startDownloadServer(tree.root, scratch.path("crcs"), server?.port);
	return server;
}

async function descriptionOf(url: string): Promise<DownloadDescription> {
	return (await (await fetch(`${url}/version`)).json()) as DownloadDescription; // written by download-child.ts
}

/** @returns its exit code. */
function run(program: string, ...args: string[]): Promise<number> {
	return new Promise((resolve) => {
		execFile(program, args, (error) =>
			resolve(typeof error?.code === "number" ? error.code : error === null ? 0 : -1),
		);
	});
}

async function hashOf(path: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path)) hash.update(chunk);
	return hash.digest("hex");
}

describe("a download that is cut off", { tags: "slow", timeout: 600_000 }, () => {
	it("is resumed by curl -C - at any point, across a restart of the server", async () => {
		let { port, url } = await start();
		const { version } = await descriptionOf(url);
		const points = Array.from({ length: CUTS }, () => 1 + Math.floor(Math.random() * ((size / CUTS) * 1.5)));
		proxy = await startCuttingProxy(port, points);
		const path = scratch.path("a.zip");
		const link = `${proxy.url}/?v=${version}`;
		let attempts = 0;
		for (let code = -1; code !== 0; attempts += 1) {
			if (attempts > CUTS + 1) throw new Error(`curl ends with ${code}; cut at ${points.join(", ")}`);
			code = await run("curl", "-sS", "-f", "-C", "-", "-o", path, link);
			if (code !== 0) expect([18, 52, 56]).toContain(code);
			if (attempts === CUTS / 2) {
				await server?.stop();
				({ port, url } = await start());
			}
		}
		expect(proxy.cutCount).toBeGreaterThan(5);
		expect((await stat(path)).size, `cut at ${points.join(", ")}`).toBe(size);
		expect(await hashOf(path), `cut at ${points.join(", ")}`).toBe(expected);
	});

	it("costs no more reading than what is missing and 1 MiB, after a restart as well", async () => {
		const first = await start();
		expect(await run("curl", "-sS", "-o", scratch.path("whole.zip"), first.url)).toBe(0);
		await first.stop();
		const { url, readSize } = await start();
		await (await fetch(url, { headers: { range: "bytes=0-0" } })).arrayBuffer(); // all code is loaded
		for (const start of [size - 30, size - 300_000, Math.floor(size / 2)]) {
			const before = await readSize();
			const response = await fetch(url, { headers: { range: `bytes=${start}-` } });
			expect(response.status).toBe(206);
			const received = (await response.arrayBuffer()).byteLength;
			expect(received).toBe(size - start);
			expect((await readSize()) - before).toBeLessThan(received + MiB + 64 * 1024);
		}
	});

	it.skipIf(!hasAria2)("comes through eight connections of aria2c at once", async () => {
		const { url } = await start();
		const { version } = await descriptionOf(url);
		const options = ["-q", "-x", "8", "-s", "8", "-k", "1M", "--file-allocation=none", "--no-conf"];
		const code = await run("aria2c", ...options, "-d", scratch.path(), "-o", "a.zip", `${url}/?v=${version}`);
		expect(code).toBe(0);
		expect(await hashOf(scratch.path("a.zip"))).toBe(expected);
	});

	it("is never put together of two states", async () => {
		const { port, url } = await start();
		const { version } = await descriptionOf(url);
		proxy = await startCuttingProxy(port, [Math.floor(size / 2), Number.POSITIVE_INFINITY]);
		const path = scratch.path("a.zip");
		const link = `${proxy.url}/?v=${version}`;
		expect(await run("curl", "-sS", "-f", "-o", path, link)).toBe(18);
		const before = await stat(path);
		await writeFile(`${tree.root}/medium.bin`, noise(7 * MiB, 2));
		try {
			await settle();
			expect(await run("curl", "-sS", "-f", "-C", "-", "-o", path, link)).toBe(22); // 412
			expect((await stat(path)).size).toBe(before.size);
			if (hasAria2) {
				const code = await run("aria2c", "-q", "--no-conf", "-c", "-d", scratch.path(), "-o", "a.zip", link);
				expect(code).not.toBe(0);
			}
		} finally {
			await writeFile(`${tree.root}/medium.bin`, noise(7 * MiB, 1));
			await settle();
		}
	});
});
