import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Error } from "../errors.ts";
import type { Blob } from "./blob-store.ts";
import type { Checksum } from "./checksums.ts";
import { compareKeys } from "./listing.ts";

/** One object: what its headers say, and the blobs that are its data laid end to end. */
export interface StoredObject {
	readonly key: string;
	/** Bytes. */
	readonly size: number;
	/** Without quotes. */
	readonly etag: string;
	/** Milliseconds since 1970. */
	readonly lastModified: number;
	/** Content-Type, x-amz-meta-* and whatever else the client gave to be returned. */
	readonly headers: Readonly<Record<string, string>>;
	readonly storageClass: string;
	readonly tags?: Readonly<Record<string, string>> | undefined;
	readonly checksum: Checksum | undefined;
	readonly blobs: readonly Blob[];
	/** Whether it came from a multipart upload; then each blob is a part. */
	readonly multipart: boolean;
}

/** Says whether an object may be written; throws if not. Gets what is there under the key. */
export type WriteCondition = (existing: StoredObject | undefined) => void;

interface Bucket {
	readonly name: string;
	readonly created: number;
	readonly objects: Map<string, StoredObject>;
	/** In the order of a listing; rebuilt when a listing needs it after a change. */
	sortedKeys: readonly string[] | undefined;
}

interface BucketRecord {
	readonly name: string;
	readonly created: number;
}

interface ObjectRecord {
	readonly bucket: string;
	readonly object: StoredObject;
}

/**
 * Buckets and the objects in them. The catalogue is in memory, with one small JSON file per object on disk
 * so that a server started again on the same directory knows them.
 *
 * Every change is one synchronous step: a condition that was checked still holds when the change is made.
 */
export class ObjectStore {
	readonly #buckets = new Map<string, Bucket>();
	readonly #directory: string;

	constructor(directory: string) {
		this.#directory = directory;
		for (const kind of ["buckets", "objects"]) mkdirSync(join(directory, kind), { recursive: true });
		// The files below are our own, written by #save().
		for (const record of this.#load("buckets") as BucketRecord[]) {
			this.#buckets.set(record.name, { ...record, objects: new Map(), sortedKeys: undefined });
		}
		for (const { bucket, object } of this.#load("objects") as ObjectRecord[]) {
			this.#buckets.get(bucket)?.objects.set(object.key, object);
		}
	}

	get buckets(): readonly BucketRecord[] {
		return [...this.#buckets.values()].sort((left, right) => compareKeys(left.name, right.name));
	}

	/** Every blob that an object consists of. */
	get blobIds(): ReadonlySet<string> {
		const objects = [...this.#buckets.values()].flatMap((bucket) => [...bucket.objects.values()]);
		return new Set(objects.flatMap((object) => object.blobs.map((blob) => blob.id)));
	}

	hasBucket(name: string): boolean {
		return this.#buckets.has(name);
	}

	createBucket(name: string, created: number): void {
		this.#buckets.set(name, { name, created, objects: new Map(), sortedKeys: undefined });
		this.#save("buckets", name, { name, created });
	}

	deleteBucket(name: string): void {
		if (this.#bucket(name).objects.size > 0) {
			throw new S3Error("BucketNotEmpty", "The bucket you tried to delete is not empty", {
				BucketName: name,
			});
		}
		this.#buckets.delete(name);
		this.#forget("buckets", name);
	}

	find(bucket: string, key: string): StoredObject | undefined {
		return this.#bucket(bucket).objects.get(key);
	}

	get(bucket: string, key: string): StoredObject {
		const object = this.find(bucket, key);
		if (object === undefined) throw noSuchKey(key);
		return object;
	}

	/** Puts the object in place of the one under its key, which is returned. */
	put(bucket: string, object: StoredObject, mayWrite: WriteCondition): StoredObject | undefined {
		const { objects } = this.#bucket(bucket);
		const existing = objects.get(object.key);
		mayWrite(existing);
		this.#save("objects", `${bucket}/${object.key}`, { bucket, object });
		objects.set(object.key, object);
		if (existing === undefined) this.#bucket(bucket).sortedKeys = undefined;
		return existing;
	}

	delete(bucket: string, key: string, mayDelete: WriteCondition): StoredObject | undefined {
		const { objects } = this.#bucket(bucket);
		const existing = objects.get(key);
		mayDelete(existing);
		if (existing === undefined) return undefined;
		objects.delete(key);
		this.#bucket(bucket).sortedKeys = undefined;
		this.#forget("objects", `${bucket}/${key}`);
		return existing;
	}

	/** The keys of a bucket in the order of their UTF-8 bytes. */
	sortedKeys(name: string): readonly string[] {
		const bucket = this.#bucket(name);
		bucket.sortedKeys ??= [...bucket.objects.keys()].sort(compareKeys);
		return bucket.sortedKeys;
	}

	#bucket(name: string): Bucket {
		const bucket = this.#buckets.get(name);
		if (bucket === undefined) {
			throw new S3Error("NoSuchBucket", "The specified bucket does not exist", { BucketName: name });
		}
		return bucket;
	}

	#load(kind: string): unknown[] {
		return readdirSync(join(this.#directory, kind))
			.filter((name) => name.endsWith(".json"))
			.map((name): unknown => JSON.parse(readFileSync(join(this.#directory, kind, name), "utf8")));
	}

	#save(kind: string, name: string, record: BucketRecord | ObjectRecord): void {
		const path = this.#path(kind, name);
		writeFileSync(`${path}.new`, JSON.stringify(record));
		renameSync(`${path}.new`, path);
	}

	#forget(kind: string, name: string): void {
		rmSync(this.#path(kind, name), { force: true });
	}

	/** A key may be longer than a file name, and `..`. */
	#path(kind: string, name: string): string {
		return join(this.#directory, kind, `${createHash("sha256").update(name).digest("hex")}.json`);
	}
}

export function noSuchKey(key: string): S3Error {
	return new S3Error("NoSuchKey", "The specified key does not exist.", { Key: key });
}
