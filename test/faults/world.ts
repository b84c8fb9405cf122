import { createHash } from "node:crypto";
import { ContractBucket, MIN_PART_SIZE } from "../s3/contract-bucket.ts";
import { type ContractServer, contractServer } from "../s3/servers.ts";
import type { Certificate } from "../support/certificate.ts";
import type { TestArchive } from "./archive.ts";
import type { Rule } from "./proxy/plan.ts";
import { type WireFault, WireRelay } from "./proxy/wire.ts";
import { FaultProxy, type FaultProxyOptions } from "./proxy.ts";

export const KEY = "backup.zip";
export const PREVIOUS = "the one before";

/** What is under the key. */
export type StoredObject = "new" | "previous" | "none" | "other";

/** What a run is about. */
export interface Known {
	/** What nothing a program prints may have in it. */
	readonly secretAccessKey: string;
	/** Of the archive. */
	readonly md5: string;
}

export interface WorldOptions {
	readonly rules?: readonly Rule[];
	readonly seed?: number;
	readonly tls?: FaultProxyOptions["tls"];
	/** Speaks TLS with this certificate, which clients are told to trust. */
	readonly certificate?: Certificate | undefined;
	/** What happens below TLS. */
	readonly wire?: readonly WireFault[] | undefined;
	/** What is under the key already. @defaultValue {@link PREVIOUS} */
	readonly previous?: string | Uint8Array | undefined;
	readonly server?: ContractServer;
}

/** A storage with one bucket, and the proxy in front of it that misbehaves by plan. */
export class FaultWorld {
	readonly proxy: FaultProxy;
	readonly server: ContractServer;
	readonly bucket: ContractBucket;
	/** Between clients and the proxy, if anything is to happen there. */
	readonly relay: WireRelay | undefined;
	/** File with the certificate that clients have to trust. */
	readonly caFile: string | undefined;

	private constructor(
		server: ContractServer,
		bucket: ContractBucket,
		proxy: FaultProxy,
		relay: WireRelay | undefined,
		caFile: string | undefined,
	) {
		this.server = server;
		this.bucket = bucket;
		this.proxy = proxy;
		this.relay = relay;
		this.caFile = caFile;
	}

	static async open(options: WorldOptions = {}): Promise<FaultWorld> {
		const server = options.server ?? (await contractServer());
		const bucket = await ContractBucket.create(server);
		const previous = "previous" in options ? options.previous : PREVIOUS;
		if (typeof previous === "string") await bucket.put(KEY, previous);
		else if (previous !== undefined) await putInParts(bucket, previous);
		const { endpoint, region, credentials } = server;
		const { rules = [], seed = 1, certificate, wire, tls = certificate } = options;
		const proxy = await FaultProxy.start({
			endpoint,
			region,
			credentials,
			rules,
			seed,
			...(tls === undefined ? {} : { tls }),
		});
		const relay =
			wire === undefined ? undefined : await WireRelay.start(Number(new URL(proxy.endpoint).port), wire);
		return new FaultWorld(server, bucket, proxy, relay, certificate?.file);
	}

	/** Where clients are to go. */
	get endpoint(): string {
		const url = new URL(this.proxy.endpoint);
		if (this.relay !== undefined) url.port = String(this.relay.port);
		return url.origin;
	}

	/** What a client has to know, as environment variables. */
	get env(): Record<string, string> {
		const { region, credentials } = this.server;
		return {
			AWS_ENDPOINT_URL_S3: this.endpoint,
			AWS_REGION: region,
			AWS_ACCESS_KEY_ID: credentials.accessKeyId,
			AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
			AWS_EC2_METADATA_DISABLED: "true",
			AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
		};
	}

	known({ md5 }: TestArchive): Known {
		return { md5, secretAccessKey: this.server.credentials.secretAccessKey };
	}

	get target(): string {
		return `s3://${this.bucket.name}/${KEY}`;
	}

	/** Looks past the proxy at what the server holds under the key. */
	async storedObject(archive: Pick<TestArchive, "md5">, key = KEY): Promise<StoredObject> {
		const keys = await this.bucket.keys();
		if (!keys.includes(key)) return "none";
		const bytes = await this.bucket.read(key);
		if (bytes.toString("latin1") === PREVIOUS) return "previous";
		return createHash("md5").update(bytes).digest("hex") === archive.md5 ? "new" : "other";
	}

	/** Ids of the uploads that nobody has finished. */
	async incompleteUploads(): Promise<string[]> {
		return (await this.bucket.uploads()).map(({ UploadId }) => UploadId);
	}

	async close(): Promise<void> {
		this.relay?.close();
		this.proxy.close();
		await this.bucket.destroy();
		await this.server.stop();
	}
}

/** The object as a run before would have left it, with the ETag of an upload in parts. */
async function putInParts(bucket: ContractBucket, bytes: Uint8Array): Promise<void> {
	const uploadId = await bucket.createUpload(KEY);
	const parts = [];
	for (let offset = 0; offset < bytes.byteLength; offset += MIN_PART_SIZE) {
		const part = bytes.subarray(offset, offset + MIN_PART_SIZE);
		parts.push(await bucket.uploadPart(KEY, uploadId, parts.length + 1, part));
	}
	await bucket.complete(KEY, uploadId, parts);
}
