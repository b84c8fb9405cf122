import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { afterEach } from "vitest";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";
import { contractClient } from "../s3/contract-bucket.ts";
import { noise } from "./bytes.ts";
import { type TempDirectory, useTempDirectory } from "./temp-directory.ts";

/** The bucket of an {@link ObjectStorage}. */
export const OBJECT_BUCKET = "bucket";

/** The embedded server with some objects, that notes what it is asked for. */
export interface ObjectStorage {
	readonly server: LocalS3;
	readonly client: S3Client;
	readonly options: {
		readonly endpoint: string;
		readonly region: string;
		readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
	};
	/** Operations since the objects were put. */
	readonly requests: string[];
}

/** Sizes of objects, or what they hold. */
export type StorageObjects = Readonly<Record<string, number | Uint8Array>>;

/** What the tests of a file make of storages. */
export interface ObjectStorages {
	readonly temp: TempDirectory;
	/** What is to be closed when a test ends, the last one first. */
	readonly closers: (() => unknown)[];
	/** @param fault - Once the objects are there. */
	storageOf(objects: StorageObjects, fault?: FaultHook): Promise<ObjectStorage>;
}

/** Storages with objects, on disk; closed when a test ends. The first object has the time that rclone keeps in metadata. */
export function useObjectStorages(): ObjectStorages {
	const temp = useTempDirectory();
	const closers: (() => unknown)[] = [];
	afterEach(async () => {
		for (const close of closers.splice(0).reverse()) await close();
	});
	return {
		temp,
		closers,
		async storageOf(objects, fault = () => undefined) {
			const requests: string[] = [];
			let ready = false;
			const server = await startLocalS3({
				buckets: [OBJECT_BUCKET],
				directory: temp.path("s3"),
				onRequest: (request) => {
					if (!ready) return undefined;
					requests.push(request.operation);
					return fault(request);
				},
			});
			closers.push(server.close);
			const { endpoint, region, accessKeyId, secretAccessKey } = server;
			const credentials = { accessKeyId, secretAccessKey };
			const client = contractClient({ endpoint, region, credentials });
			closers.push(() => client.destroy());
			let seed = 0;
			for (const [Key, content] of Object.entries(objects)) {
				const Body = typeof content === "number" ? noise(content, ++seed) : content;
				await client.send(
					new PutObjectCommand({
						...{ Bucket: OBJECT_BUCKET, Key, Body, ChecksumAlgorithm: "CRC32" as const },
						...(seed === 1 ? { Metadata: { mtime: "1600000000.5" } } : {}),
					}),
				);
			}
			ready = true;
			return { server, client, options: { endpoint, region, credentials }, requests };
		},
	};
}
