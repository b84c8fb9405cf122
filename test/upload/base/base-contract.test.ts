import { rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type UploadZipOptions, uploadZip, verifyArchive } from "../../../src/index.ts";
import { ContractBucket } from "../../s3/contract-bucket.ts";
import { DIFFERENCES } from "../../s3/differences.ts";
import { type ContractServer, contractServer, serverName } from "../../s3/servers.ts";
import { noise } from "../../support/bytes.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

/** Runs on every storage that `ZIPFERRY_TEST_S3` can name. */
const MiB = 1024 ** 2;
const temp = useTempDirectory();
let server: ContractServer;
let bucket: ContractBucket;
beforeAll(async () => {
	server = await contractServer();
	bucket = await ContractBucket.create(server);
});
afterAll(async () => {
	await bucket.destroy();
	await server.stop();
});

const provider = DIFFERENCES[serverName()].verifiesChecksums ? ("aws" as const) : ("ceph" as const);
const storage = () => ({
	...{ endpoint: server.endpoint, region: server.region, credentials: server.credentials, provider },
	retryTimeMs: 5_000,
});
const url = (key: string) => `s3://${bucket.name}/${key}`;

function upload(key: string, more: Partial<UploadZipOptions> = {}) {
	return uploadZip(temp.path("tree"), {
		...storage(),
		...{ bucket: bucket.name, key, method: "store", ignoreCtime: true, mtime: "2020-01-01" },
		...more,
	});
}

beforeEach(async () => {
	for (const name of ["a", "c", "e"])
		await temp.write({ [`tree/${name}`]: noise(6 * MiB, name.charCodeAt(0)) });
	await temp.write({ "tree/b": "before", "tree/d": "goes" });
	await upload("base.zip");
	await writeFile(temp.path("tree/b"), "afterwards");
	await rm(temp.path("tree/d"));
	await writeFile(temp.path("tree/f"), "new");
});

async function expectWhole(key: string): Promise<void> {
	const { ok, entryCount } = await verifyArchive(url(key), storage());
	expect([ok, entryCount]).toEqual([true, 5]);
	expect(await bucket.uploads()).toEqual([]);
}

it("copies what has not changed, reads some of it back, and says so", async () => {
	const result = await upload("next.zip", { base: url("base.zip"), baseCheck: "content" });
	expect(result).toMatchObject({ copiedEntryCount: 3, verified: "structure", verifiedEntryCount: 3 });
	await expectWhole("next.zip");
});

it("takes the place of the base, and leaves nothing beside it", async () => {
	const result = await upload("base.zip", { base: url("base.zip"), baseCheck: "content" });
	expect(result).toMatchObject({ key: "base.zip", copiedEntryCount: 3, verified: "structure" });
	await expectWhole("base.zip");
	expect((await bucket.keys()).filter((key) => key.startsWith("base.zip"))).toEqual(["base.zip"]);
	expect((await bucket.head("base.zip")).Metadata).toMatchObject({ "zipferry-method": "store" });
});

it("fails if the base is replaced while the archive is made, whatever the storage thinks of conditions", async () => {
	const content = async () => {
		await bucket.put("base.zip", noise(19 * MiB, 9));
		return Buffer.from("made last");
	};
	const options = { ...storage(), bucket: bucket.name, method: "store", mtime: "2020-01-01" } as const;
	await uploadZip([temp.path("tree"), { name: "y", content: "of the base" }], {
		...options,
		key: "base.zip",
	});
	const uploaded = uploadZip([temp.path("tree"), { name: "z", content }], {
		...{ ...options, key: "mixed.zip", base: url("base.zip"), baseCheck: "content" },
	});
	await expect(uploaded).rejects.toMatchObject({ code: "SOURCE_CHANGED" });
	await expect(bucket.head("mixed.zip")).rejects.toMatchObject({ name: "NotFound" });
	expect(await bucket.uploads()).toEqual([]);
});
