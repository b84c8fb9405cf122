import { utimes } from "node:fs/promises";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { uploadZip } from "../../../src/index.ts";
import { noise } from "../../support/bytes.ts";
import { BUCKET, DemoServer } from "../../support/demo-server.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";

const SIZE = 6 * 1024 ** 2;
const HOUR_NS = 3_600_000_000_000n;
const temp = useTempDirectory();
let server: DemoServer;
beforeEach(async () => {
	server = await DemoServer.start();
});
afterEach(() => server.close());

it("a file that has changed since a base counts as changed, although the clock was ahead when that was made", async () => {
	const { endpoint, region } = server.s3;
	const storage = { endpoint, region, credentials: server.s3, bucket: BUCKET, provider: "aws" as const };
	const write = async (seed: number) => {
		await temp.write({ "tree/file": noise(SIZE, seed) });
		await utimes(temp.path("tree/file"), 1e9, 1e9);
	};
	await write(1);
	await uploadZip(temp.path("tree"), { ...storage, key: "base.zip", method: "store" });
	const { bytes, Metadata = {} } = await server.get("base.zip");
	const started = `${BigInt(Metadata["zipferry-started"] ?? 0) + HOUR_NS}`;
	await new S3Client({ endpoint, region, credentials: server.s3, forcePathStyle: true }).send(
		new PutObjectCommand({
			...{ Bucket: BUCKET, Key: "base.zip", Body: bytes },
			Metadata: { ...Metadata, "zipferry-started": started },
		}),
	);
	await write(2);
	const options = { ...storage, key: "new.zip", method: "store" as const, base: `s3://${BUCKET}/base.zip` };
	expect(await uploadZip(temp.path("tree"), options)).toMatchObject({ copiedEntryCount: 0 });
});
