import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { ZipArchive } from "archiver";

/** The usual recipe: list, then one object after the other. `node archiver-bucket.mjs BUCKET` */
const [Bucket] = process.argv.slice(2);
const client = new S3Client({ forcePathStyle: true });
const archive = new ZipArchive({ store: true });

async function append() {
	for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
		for (const { Key } of Contents) {
			const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
			const added = once(archive, "entry");
			archive.append(Body, { name: Key });
			await added;
		}
	}
	await archive.finalize();
}

await Promise.all([append(), pipeline(archive, process.stdout)]);
