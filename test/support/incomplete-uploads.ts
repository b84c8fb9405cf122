import { CreateMultipartUploadCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import type { LocalS3Options } from "../../localstack/strict-s3/local-s3.ts";
import { BUCKET, DemoServer } from "./demo-server.ts";

export const DAY_MS = 86_400_000;

/** A server in whose past uploads can be begun. */
export class AgedServer {
	readonly demo: DemoServer;
	readonly #clock: { offset: number };

	private constructor(demo: DemoServer, clock: { offset: number }) {
		this.demo = demo;
		this.#clock = clock;
	}

	static async start(options: LocalS3Options = {}): Promise<AgedServer> {
		const clock = { offset: 0 };
		const demo = await DemoServer.start({ ...options, clock: () => new Date(Date.now() + clock.offset) });
		return new AgedServer(demo, clock);
	}

	/** Begins an upload `ageMs` ago, with parts of these sizes. @returns its id */
	async begin(Key: string, ageMs = 0, sizes: readonly number[] = []): Promise<string> {
		this.#clock.offset = -ageMs;
		const client = this.#client(-ageMs);
		try {
			const { UploadId = "" } = await client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key }));
			for (const [index, size] of sizes.entries()) {
				const part = { Bucket: BUCKET, Key, UploadId, PartNumber: index + 1, Body: Buffer.alloc(size) };
				await client.send(new UploadPartCommand(part));
			}
			return UploadId;
		} finally {
			this.#clock.offset = 0;
			client.destroy();
		}
	}

	/** Adds a part now. */
	async touch(Key: string, UploadId: string): Promise<void> {
		const client = this.#client(0);
		const part = { Bucket: BUCKET, Key, UploadId, PartNumber: 9, Body: Buffer.alloc(5) };
		await client.send(new UploadPartCommand(part));
		client.destroy();
	}

	#client(systemClockOffset: number): S3Client {
		const { endpoint, region, accessKeyId, secretAccessKey } = this.demo.s3;
		return new S3Client({
			endpoint,
			region,
			credentials: { accessKeyId, secretAccessKey },
			forcePathStyle: true,
			requestChecksumCalculation: "WHEN_REQUIRED",
			systemClockOffset,
		});
	}
}
