import { mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openArchive, uploadZip, verifyArchive } from "../../../src/index.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const MIB = 1024 ** 2;
const temp = useTempDirectory();
let server: DemoServer;

beforeEach(async () => {
	server = await DemoServer.start({ directory: temp.path("s3") });
});
afterEach(() => server.close());

const storage = () => ({
	...{ endpoint: server.s3.endpoint, region: server.s3.region, credentials: server.s3 },
	provider: "aws" as const,
});

const upload = (key: string, more: object = {}) =>
	uploadZip(temp.path("tree"), { ...storage(), bucket: BUCKET, method: "store", key, ...more });

/** Name, size, CRC-32, time and mode of each entry, in the order of the directory. */
async function listOf(key: string) {
	const archive = await openArchive(`s3://${BUCKET}/${key}`, storage());
	const list: unknown[] = [];
	for await (const { name, uncompressedSize, crc32, mtime, mode } of archive)
		list.push([name, uncompressedSize, crc32, mtime.getTime(), mode]);
	await archive.close();
	return list;
}

/** Files of 1.5 MiB whose times are long past. */
async function makeTree(count: number) {
	await mkdir(temp.path("tree/sub"), { recursive: true });
	for (let index = 0; index < count; index++) {
		const path = temp.path(`tree/${index % 2 === 0 ? "" : "sub/"}file-${String(index).padStart(2, "0")}`);
		await writeFile(path, noise(1.5 * MIB, index));
		await utimes(path, 1e9, 1e9);
	}
}

describe("an upload with a base", () => {
	it("lists what a full one lists, and copies what has not changed", async () => {
		await makeTree(20);
		await delay(3100); // what has changed in the last three seconds counts as changed
		expect(await upload("night-1.zip")).toMatchObject({ copiedEntryCount: 0, copiedSize: 0 });
		await writeFile(temp.path("tree/file-10"), noise(MIB, 99));
		await rm(temp.path("tree/file-02"));
		await writeFile(temp.path("tree/sub/file-00-new"), "new");
		await rename(temp.path("tree/file-18"), temp.path("tree/file-19-renamed"));
		await delay(3100);
		const second = await upload("night-2.zip", { base: `s3://${BUCKET}/night-1.zip` });
		expect(second.copiedEntryCount).toBeGreaterThan(8);
		await upload("full-2.zip");
		expect(await listOf("night-2.zip")).toEqual(await listOf("full-2.zip"));
		const checked = await verifyArchive(`s3://${BUCKET}/night-2.zip`, {
			...storage(),
			against: temp.path("tree"),
		});
		expect(checked).toMatchObject({ ok: true, differences: [] });
		const third = await upload("night-3.zip", { base: `s3://${BUCKET}/night-2.zip` });
		expect(third.copiedEntryCount).toBeGreaterThan(8);
		expect(await listOf("night-3.zip")).toEqual(await listOf("full-2.zip"));
	});
});
