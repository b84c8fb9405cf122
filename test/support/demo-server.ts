import {
	DeleteObjectCommand,
	GetObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	PutObjectCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import { type LocalS3, type LocalS3Options, startLocalS3 } from "../../localstack/strict-s3/local-s3.ts";

export const BUCKET = "demo";
/** Nothing a program prints may have it. */
export const SECRET = "s3cr3t-that-nobody-may-see";

/** The embedded server with one bucket, and a look into that bucket. */
export class DemoServer {
	readonly s3: LocalS3;
	readonly #client: S3Client;

	private constructor(s3: LocalS3) {
		this.s3 = s3;
		this.#client = new S3Client({
			endpoint: s3.endpoint,
			region: s3.region,
			credentials: s3,
			forcePathStyle: true,
		});
	}

	static async start(options: LocalS3Options = {}): Promise<DemoServer> {
		return new DemoServer(await startLocalS3({ buckets: [BUCKET], secretAccessKey: SECRET, ...options }));
	}

	/** What a program needs to use the server, and nothing else. */
	get env(): Record<string, string> {
		return {
			AWS_ENDPOINT_URL_S3: this.s3.endpoint,
			AWS_ACCESS_KEY_ID: this.s3.accessKeyId,
			AWS_SECRET_ACCESS_KEY: this.s3.secretAccessKey,
			AWS_REGION: this.s3.region,
			AWS_EC2_METADATA_DISABLED: "true",
			AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
			BUCKET,
		};
	}

	/** What a program cannot tell from the endpoint, by the variables of the command and of the examples: it does as AWS does. */
	get storage(): Record<string, string> {
		return { ZIPFERRY_PROVIDER: "aws", PROVIDER: "aws" };
	}

	async put(key: string, body: string | Uint8Array): Promise<void> {
		await this.#client.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: body }));
	}

	async delete(key: string): Promise<void> {
		await this.#client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
	}

	async get(key: string) {
		const { Body, ...head } = await this.#client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
		return { ...head, bytes: Buffer.from((await Body?.transformToByteArray()) ?? []) };
	}

	async keys(): Promise<string[]> {
		const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
		return Contents.map(({ Key = "" }) => Key);
	}

	async incompleteUploads(): Promise<string[]> {
		const { Uploads = [] } = await this.#client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
		return Uploads.map(({ Key = "" }) => Key);
	}

	async close(): Promise<void> {
		this.#client.destroy();
		await this.s3.close();
	}
}
