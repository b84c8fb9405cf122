import { appendFile, chmod, mkdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openArchive, uploadZip, verifyArchive } from "../../../src/index.ts";
import { lines, noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const MIB = 1024 ** 2;
const FILE_COUNT = 1024;
/** 256 MiB in all. */
const FILE_SIZE = MIB / 4;
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

const upload = (key: string, base?: string) =>
	uploadZip(temp.path("tree"), {
		...{ ...storage(), bucket: BUCKET, key, hash: "none" },
		...(base === undefined ? {} : { base: `s3://${BUCKET}/${base}` }),
	});

const fileOf = (index: number) => temp.path(`tree/d${index % 16}/f${String(index).padStart(4, "0")}`);

async function write(path: string, content: Uint8Array): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, content);
	await utimes(path, 1e9, 1e9);
}

/** Every twentieth file compresses. */
async function makeTree(): Promise<void> {
	for (let index = 0; index < FILE_COUNT; index++)
		await write(fileOf(index), index % 20 === 0 ? lines(FILE_SIZE) : noise(FILE_SIZE, index));
}

/** One of each: an edit, a file more, one less, another name, other permissions, and other content under the old time. */
async function change(night: number): Promise<void> {
	const at = night * 100;
	await appendFile(fileOf(at), "edited");
	await write(temp.path(`tree/d${night}/new-${night}`), noise(FILE_SIZE, 5000 + night));
	await rm(fileOf(at + 1));
	await rename(fileOf(at + 2), `${fileOf(at + 2)}-renamed`);
	await chmod(fileOf(at + 3), 0o600);
	await write(fileOf(at + 4), noise((await stat(fileOf(at + 4))).size, 9000 + night));
}

async function listOf(key: string): Promise<readonly string[]> {
	const archive = await openArchive(`s3://${BUCKET}/${key}`, storage());
	const list: string[] = [];
	for await (const { name, uncompressedSize, crc32, mtime, mode, method } of archive)
		list.push(JSON.stringify([name, uncompressedSize, crc32, mtime, mode, method]));
	await archive.close();
	return list;
}

describe("three nights of 256 MiB", () => {
	it("send little, and come to what full archives are", { tags: "slow", timeout: 1_800_000 }, async () => {
		await makeTree();
		await delay(3100); // what has changed in the last three seconds before a run counts as changed
		await upload("night-0.zip");
		for (const night of [1, 2, 3]) {
			await change(night);
			await delay(3100);
			const { size, copiedSize, copiedEntryCount, entryCount } = await upload(
				`night-${night}.zip`,
				`night-${night - 1}.zip`,
			);
			expect((size - copiedSize) / size).toBeLessThan(0.12);
			expect(copiedEntryCount).toBeGreaterThan(0.88 * entryCount);
			await upload("full.zip");
			expect(await listOf(`night-${night}.zip`)).toEqual(await listOf("full.zip"));
			const checked = await verifyArchive(`s3://${BUCKET}/night-${night}.zip`, {
				...{ ...storage(), level: "content" },
				against: temp.path("tree"),
			});
			expect(checked).toMatchObject({ ok: true, differences: [], findings: [] });
		}
		// Only the last base was needed, and each archive stands for itself.
		expect(await server.incompleteUploads()).toEqual([]);
	});
});
