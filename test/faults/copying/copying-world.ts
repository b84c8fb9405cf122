import { mkdir, mkdtemp, open, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	CreateBucketCommand,
	DeleteObjectCommand,
	GetObjectCommand,
	ListMultipartUploadsCommand,
	ListObjectsV2Command,
	ListObjectVersionsCommand,
	PutBucketVersioningCommand,
	PutObjectCommand,
	PutObjectRetentionCommand,
	S3Client,
} from "@aws-sdk/client-s3";
import type { Habits } from "../../../localstack/strict-s3/habits.ts";
import { type FaultHook, type LocalS3, startLocalS3 } from "../../../localstack/strict-s3/local-s3.ts";
import { type UploadZipOptions, uploadZip, verifyArchive, type ZipferryEvent } from "../../../src/index.ts";
import { draftKey, joinedPrefix } from "../../../src/sources/objects/helper-keys.ts";
import { noise } from "../../support/bytes.ts";

const MiB = 1024 ** 2;

export const BASE_KEY = "night-1.zip";
export const NEW_KEY = "night-2.zip";
/** What somebody else puts under a key. */
const OTHER = Buffer.from("of somebody else");

/** How a bucket keeps what is replaced. */
export type BucketKind = "plain" | "versioned" | "locked";

/** What is under a key. */
export type Held = "base" | "archive" | "other" | "nothing";

/** A tree of which most is in a base already, and a storage that can be told to misbehave while that is copied. */
export class CopyingWorld {
	readonly #directory: string;
	/** Whether there are runs that are too short to be copied. */
	readonly #hasShort: boolean;
	readonly #s3: LocalS3;
	readonly #client: S3Client;
	/** What happens to requests from now on. */
	hook: FaultHook = () => undefined;
	#base: Buffer = Buffer.alloc(0);
	#knownBlobs: ReadonlySet<string> = new Set();

	private constructor(directory: string, s3: LocalS3, hasShort: boolean) {
		this.#directory = directory;
		this.#hasShort = hasShort;
		this.#s3 = s3;
		const { endpoint, region } = s3;
		this.#client = new S3Client({ endpoint, region, credentials: s3, forcePathStyle: true });
	}

	static async open(kind: BucketKind, habits: Partial<Habits> = {}, hasShort = false): Promise<CopyingWorld> {
		const directory = await mkdtemp(join(tmpdir(), "zipferry-"));
		let world: CopyingWorld | undefined;
		const s3 = await startLocalS3({
			directory: `${directory}/s3`,
			habits,
			onRequest: (request) => world?.hook(request),
		});
		world = new CopyingWorld(directory, s3, hasShort);
		const lock = kind === "locked" ? { ObjectLockEnabledForBucket: true } : {};
		await world.#client.send(new CreateBucketCommand({ Bucket: "nights", ...lock }));
		if (kind === "versioned") {
			const VersioningConfiguration = { Status: "Enabled" as const };
			await world.#client.send(new PutBucketVersioningCommand({ Bucket: "nights", VersioningConfiguration }));
		}
		await world.#makeTree();
		await world.upload({ key: BASE_KEY });
		await world.#change();
		world.#base = await world.#read(BASE_KEY);
		world.#knownBlobs = new Set(await readdir(world.#blobs));
		return world;
	}

	get env(): Record<string, string> {
		const { endpoint, region, accessKeyId, secretAccessKey } = this.#s3;
		return {
			AWS_ENDPOINT_URL_S3: endpoint,
			AWS_REGION: region,
			AWS_ACCESS_KEY_ID: accessKeyId,
			AWS_SECRET_ACCESS_KEY: secretAccessKey,
			AWS_EC2_METADATA_DISABLED: "true",
			AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
			ZIPFERRY_PROVIDER: "aws",
		};
	}

	url(key: string): string {
		return `s3://nights/${key}`;
	}

	get tree(): string {
		return `${this.#directory}/tree`;
	}

	upload(more: Partial<UploadZipOptions> & { readonly key: string }) {
		return uploadZip(this.tree, {
			...this.#storage,
			...{ bucket: "nights", method: "store", ignoreCtime: true, retryTimeMs: 2_000 },
			...more,
		});
	}

	/** Uploads the tree as it is now. */
	async uploadWithBase(key: string, more: Partial<UploadZipOptions> = {}) {
		const events: ZipferryEvent[] = [];
		const onEvent = (event: ZipferryEvent) => void events.push(event);
		const [outcome] = await Promise.allSettled([
			this.upload({ key, base: `s3://nights/${BASE_KEY}`, onEvent, ...more }),
		]);
		this.hook = () => undefined;
		return { outcome, events };
	}

	/** Looks at a key. */
	async held(key: string): Promise<Held> {
		const keys = await this.keys();
		if (!keys.includes(key)) return "nothing";
		const bytes = await this.#read(key);
		if (bytes.equals(this.#base)) return "base";
		if (bytes.equals(OTHER)) return "other";
		const { ok, findings, differences } = await verifyArchive(`s3://nights/${key}`, {
			...this.#storage,
			against: this.tree,
		});
		if (!ok) throw new Error(`half an archive: ${JSON.stringify([findings, differences])}`);
		return "archive";
	}

	async keys(): Promise<string[]> {
		const { Contents = [] } = await this.#client.send(new ListObjectsV2Command({ Bucket: "nights" }));
		return Contents.map(({ Key = "" }) => Key);
	}

	/** Number of versions, whatever hides them. */
	async versionCount(key: string): Promise<number> {
		const command = new ListObjectVersionsCommand({ Bucket: "nights", Prefix: key });
		const { Versions = [] } = await this.#client.send(command);
		return Versions.filter(({ Key }) => Key === key).length;
	}

	async incompleteUploads(): Promise<string[]> {
		const { Uploads = [] } = await this.#client.send(new ListMultipartUploadsCommand({ Bucket: "nights" }));
		return Uploads.map(({ Key = "" }) => Key);
	}

	/** Temporary objects beside the new archive, with all their versions. */
	async temporary(): Promise<string[]> {
		const Prefix = joinedPrefix(NEW_KEY);
		const { Versions = [] } = await this.#client.send(
			new ListObjectVersionsCommand({ Bucket: "nights", Prefix }),
		);
		return Versions.map(({ Key = "" }) => Key);
	}

	hasDraft(keys: readonly string[]): boolean {
		return keys.includes(draftKey(BASE_KEY));
	}

	/** Somebody else puts something under a key. */
	async overwrite(key: string): Promise<void> {
		await this.#client.send(new PutObjectCommand({ Bucket: "nights", Key: key, Body: OTHER }));
	}

	/** The base is there again, byte for byte, as another object. */
	async restoreBase(): Promise<void> {
		await this.#client.send(new PutObjectCommand({ Bucket: "nights", Key: BASE_KEY, Body: this.#base }));
	}

	/** Somebody else puts an archive of the tree under the key of the base: as large, and with other bytes in the same places. */
	async replaceBase(): Promise<void> {
		const hook = this.hook;
		this.hook = () => undefined;
		await this.upload({ key: BASE_KEY });
		this.hook = hook;
	}

	/** Somebody else deletes what is under a key: for good, or, where versions are kept, its latest version. */
	async remove(key: string, versions = false): Promise<void> {
		const VersionId = versions ? await this.#latest(key) : undefined;
		await this.#client.send(
			new DeleteObjectCommand({
				Bucket: "nights",
				Key: key,
				...(VersionId === undefined ? {} : { VersionId }),
			}),
		);
	}

	/** The storage is not to let go of the latest version for an hour. */
	async lock(key: string): Promise<void> {
		const command = new PutObjectRetentionCommand({
			...{ Bucket: "nights", Key: key, VersionId: (await this.#latest(key)) ?? "" },
			Retention: { Mode: "COMPLIANCE", RetainUntilDate: new Date(Date.now() + 3_600_000) },
		});
		await this.#client.send(command);
	}

	/** Damages the data of everything that was stored since the base. */
	async damage(): Promise<void> {
		for (const name of await readdir(this.#blobs)) {
			if (this.#knownBlobs.has(name)) continue;
			const file = await open(`${this.#blobs}/${name}`, "r+");
			const { size } = await file.stat();
			if (size > 5 * MiB) await file.write(Buffer.from("damaged"), 0, 7, Math.floor(size / 2));
			await file.close();
		}
	}

	async close(): Promise<void> {
		this.#client.destroy();
		await this.#s3.close();
		await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 });
	}

	get #blobs(): string {
		return `${this.#directory}/s3/blobs`;
	}

	get #storage() {
		const { endpoint, region } = this.#s3;
		return { endpoint, region, credentials: this.#s3, provider: "aws" as const };
	}

	async #latest(key: string): Promise<string | undefined> {
		const command = new ListObjectVersionsCommand({ Bucket: "nights", Prefix: key });
		const { Versions = [] } = await this.#client.send(command);
		return Versions.find(({ Key, IsLatest }) => Key === key && IsLatest)?.VersionId;
	}

	async #read(key: string): Promise<Buffer> {
		const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: "nights", Key: key }));
		return Buffer.from((await Body?.transformToByteArray()) ?? []);
	}

	/** Two runs of neighbours that stay as they are, each large enough to be copied, and what changes between them and behind. */
	async #makeTree(): Promise<void> {
		for (const directory of ["a", "c"]) {
			await mkdir(`${this.tree}/${directory}`, { recursive: true });
			for (let index = 0; index < 6; index++)
				await this.#write(`${directory}/${index}`, noise(MiB, directory.charCodeAt(0) + index));
		}
		await this.#write("b", noise(1000, 1));
		if (!this.#hasShort) return;
		for (const directory of ["f", "h"]) await mkdir(`${this.tree}/${directory}`);
		for (const [index, name] of ["f/0", "f/1", "h/0"].entries())
			await this.#write(name, noise(MiB, 50 + index));
		for (const name of ["e", "g"]) await this.#write(name, noise(1000, name.charCodeAt(0)));
	}

	async #change(): Promise<void> {
		await this.#write("b", noise(2000, 2));
		await this.#write("d", noise(3000, 3));
		if (!this.#hasShort) return;
		for (const name of ["e", "g"]) await this.#write(name, noise(2000, name.charCodeAt(0)));
	}

	/** Its time is long past: what has just changed counts as changed. */
	async #write(name: string, bytes: Uint8Array): Promise<void> {
		await writeFile(`${this.tree}/${name}`, bytes);
		await utimes(`${this.tree}/${name}`, 1e9, 1e9);
		for (const directory of ["", "/a", "/c", "/f", "/h"].map((path) => this.tree + path))
			await utimes(directory, 1e9, 1e9).catch(() => {});
	}
}
