import { mkdir, utimes, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planUpload, type UploadZipOptions, uploadZip } from "../../../src/index.ts";
import { BILLED_REQUESTS } from "../../../src/upload/cost/upload-requests.ts";
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

const optionsOf = (more: Partial<UploadZipOptions> = {}): UploadZipOptions => ({
	...{ endpoint: server.s3.endpoint, region: server.s3.region, credentials: server.s3 },
	...{ provider: "aws", bucket: BUCKET, key: "new.zip", method: "store", ...more },
});

/** What the server was asked since then, by kind; every kind that is billed is there. */
function askedSince(start: number): Record<string, number> {
	const counts: Record<string, number> = Object.fromEntries(BILLED_REQUESTS.map((kind) => [kind, 0]));
	for (const { operation } of server.s3.requests.slice(start))
		counts[operation] = (counts[operation] ?? 0) + 1;
	return counts;
}

async function makeTree(count: number, size: number) {
	await mkdir(temp.path("tree"), { recursive: true });
	for (let index = 0; index < count; index++) {
		const path = temp.path(`tree/file-${String(index).padStart(2, "0")}`);
		await writeFile(path, noise(size, index));
		await utimes(path, 1e9, 1e9);
	}
}

describe("the requests of a plan", () => {
	it.each<[string, number, Partial<UploadZipOptions>]>([
		["an archive that fits into one request", 2, {}],
		["an archive in parts", 14, { partSize: 5 * MIB }],
		["an archive that must not replace another one", 14, { partSize: 5 * MIB, noClobber: true }],
	])("are those that the server gets: %s", async (_, count, more) => {
		await makeTree(count, MIB);
		const { cost } = await planUpload(temp.path("tree"), optionsOf(more));
		const before = server.s3.requests.length;
		const { size } = await uploadZip(temp.path("tree"), optionsOf(more));
		expect(askedSince(before)).toEqual(cost?.requests);
		expect(cost).toMatchObject({ sentSize: size, copiedSize: 0, readSize: 0 });
	});

	it("are at least those of an upload that may be resumed, or that is read back", async () => {
		await makeTree(14, MIB);
		for (const more of [{ resume: true }, { verify: "structure" }, { verify: "content" }] as const) {
			const options = optionsOf({ ...more, partSize: 5 * MIB, key: `${Object.values(more)}.zip` });
			const { cost } = await planUpload(temp.path("tree"), options);
			const before = server.s3.requests.length;
			await uploadZip(temp.path("tree"), options);
			const asked = askedSince(before);
			for (const kind of BILLED_REQUESTS)
				expect(asked[kind], `${Object.values(more)}: ${kind}`).toBeLessThanOrEqual(cost?.requests[kind] ?? 0);
		}
	});

	it("have one for each object among the sources, and lists of a thousand", async () => {
		for (let index = 0; index < 20; index++) await server.put(`photos/${index}.bin`, noise(10_000, index));
		const sources = [`s3://${BUCKET}/photos/`];
		const { cost } = await planUpload(sources, optionsOf());
		const before = server.s3.requests.length;
		await uploadZip(sources, optionsOf());
		const asked = askedSince(before);
		expect(cost?.requests).toMatchObject({ GetObject: 20, ListObjectsV2: 3 });
		expect(asked["GetObject"]).toBe(20);
		expect(asked["ListObjectsV2"]).toBeLessThanOrEqual(3);
		expect(cost?.readSize).toBe(200_000);
	});

	it("are not known if the size of a source is not", async () => {
		async function* rows() {
			yield "row";
		}
		const sources = [{ name: "rows.txt", content: rows }];
		expect((await planUpload(sources, optionsOf())).cost).toBeUndefined();
		const { cost } = await planUpload(sources, optionsOf({ expectedSize: 100 * MIB, partSize: 10 * MIB }));
		expect(cost?.requests).toMatchObject({ UploadPart: 10, CompleteMultipartUpload: 1 });
	});

	it("cover an upload with a base, which copies and reads back", async () => {
		await makeTree(30, MIB);
		await delay(3100); // what has changed in the last three seconds counts as changed
		await uploadZip(temp.path("tree"), optionsOf({ key: "base.zip" }));
		await writeFile(temp.path("tree/file-20"), noise(MIB, 99));
		const options = optionsOf({ base: `s3://${BUCKET}/base.zip` });
		const { cost } = await planUpload(temp.path("tree"), options);
		const before = server.s3.requests.length;
		const { copiedSize, size } = await uploadZip(temp.path("tree"), options);
		const asked = askedSince(before);
		expect(cost?.copiedSize).toBe(copiedSize);
		expect(cost?.sentSize).toBeGreaterThanOrEqual(size - copiedSize);
		expect(cost?.sentSize).toBeLessThan(size / 2);
		expect(cost?.requests.UploadPartCopy).toBeGreaterThan(1);
		for (const kind of ["UploadPartCopy", "CreateMultipartUpload", "CompleteMultipartUpload"] as const)
			expect(asked[kind], kind).toBe(cost?.requests[kind]);
		for (const kind of BILLED_REQUESTS)
			expect(asked[kind], kind).toBeLessThanOrEqual(cost?.requests[kind] ?? 0);
	});
});
