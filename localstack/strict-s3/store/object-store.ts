import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { S3Error } from "../errors.ts";
import { compareKeys } from "./listing.ts";
import {
	idOf,
	NO_VERSION,
	noSuchKey,
	type Retention,
	type StoredObject,
	type Versioning,
	type WriteCondition,
} from "./stored-object.ts";

interface Bucket {
	readonly name: string;
	readonly created: number;
	versioning: Versioning;
	readonly hasLock: boolean;
	/** Of each key, from the newest version on; never empty. */
	readonly versions: Map<string, readonly StoredObject[]>;
	/** In the order of a listing; rebuilt when a listing needs it after a change. */
	sortedKeys: readonly string[] | undefined;
}

interface BucketRecord {
	readonly name: string;
	readonly created: number;
	readonly versioning?: Versioning;
	readonly hasLock?: boolean;
}

interface ObjectRecord {
	readonly bucket: string;
	readonly object: StoredObject;
}

/** What a change has put there and taken away. */
interface Change {
	readonly added: StoredObject | undefined;
	readonly removed: StoredObject | undefined;
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
	#order = 0;

	constructor(directory: string) {
		this.#directory = directory;
		for (const kind of ["buckets", "objects"]) mkdirSync(join(directory, kind), { recursive: true });
		// The files below are our own, written by #save().
		for (const record of this.#load("buckets") as BucketRecord[])
			this.#buckets.set(record.name, newBucket(record));
		const records = this.#load("objects") as ObjectRecord[];
		for (const { bucket, object } of records.sort((a, b) => orderOf(b) - orderOf(a))) {
			const versions = this.#buckets.get(bucket)?.versions;
			versions?.set(object.key, [...(versions.get(object.key) ?? []), object]);
		}
		this.#order = Math.max(0, ...records.slice(0, 1).map(orderOf));
	}

	get buckets(): readonly BucketRecord[] {
		return [...this.#buckets.values()].sort((left, right) => compareKeys(left.name, right.name));
	}

	/** Every blob that an object consists of. */
	get blobIds(): ReadonlySet<string> {
		const objects = [...this.#buckets.values()].flatMap((bucket) => [...bucket.versions.values()].flat());
		return new Set(objects.flatMap((object) => object.blobs.map((blob) => blob.id)));
	}

	hasBucket(name: string): boolean {
		return this.#buckets.has(name);
	}

	/** @param hasLock - Its objects can be locked, and it keeps versions. */
	createBucket(name: string, created: number, hasLock = false): void {
		const record: BucketRecord = { name, created, ...(hasLock ? { versioning: "Enabled", hasLock } : {}) };
		this.#buckets.set(name, newBucket(record));
		this.#save("buckets", name, record);
	}

	deleteBucket(name: string): void {
		if (this.#bucket(name).versions.size > 0) {
			throw new S3Error("BucketNotEmpty", "The bucket you tried to delete is not empty", {
				BucketName: name,
			});
		}
		this.#buckets.delete(name);
		this.#forget("buckets", name);
	}

	versioning(bucket: string): Versioning {
		return this.#bucket(bucket).versioning;
	}

	setVersioning(name: string, versioning: "Enabled" | "Suspended"): void {
		const bucket = this.#bucket(name);
		bucket.versioning = versioning;
		const { created, hasLock } = bucket;
		this.#save("buckets", name, { name, created, versioning, hasLock });
	}

	hasLock(bucket: string): boolean {
		return this.#bucket(bucket).hasLock;
	}

	/** The newest version of an object, unless that is a delete marker. */
	find(bucket: string, key: string): StoredObject | undefined {
		const [newest] = this.versions(bucket, key);
		return newest?.isDeleteMarker ? undefined : newest;
	}

	get(bucket: string, key: string): StoredObject {
		const object = this.find(bucket, key);
		if (object === undefined) throw noSuchKey(key);
		return object;
	}

	/** All versions of an object and its delete markers, from the newest on. */
	versions(bucket: string, key: string): readonly StoredObject[] {
		return this.#bucket(bucket).versions.get(key) ?? [];
	}

	/** Puts an object under its key: before the versions there, or in the place of the one that is no version. */
	put(bucket: string, object: StoredObject, mayWrite: WriteCondition): Change {
		mayWrite(this.find(bucket, object.key));
		return this.#add(bucket, object);
	}

	/** Deletes an object, or puts a delete marker before its versions. */
	delete(bucket: string, key: string, now: number, mayDelete: WriteCondition): Change {
		mayDelete(this.find(bucket, key));
		if (this.versioning(bucket) === undefined) return this.#remove(bucket, key, NO_VERSION);
		const empty = { size: 0, etag: "", headers: {}, storageClass: "", checksum: undefined, blobs: [] };
		return this.#add(bucket, { key, lastModified: now, ...empty, multipart: false, isDeleteMarker: true });
	}

	/** Removes one version for good. */
	deleteVersion(bucket: string, key: string, versionId: string): Change {
		return this.#remove(bucket, key, versionId);
	}

	/** Locks a version. */
	retain(bucket: string, { key, versionId }: StoredObject, retention: Retention): void {
		const versions = this.versions(bucket, key).map((one) => {
			if (one.versionId !== versionId) return one;
			const locked = { ...one, retention };
			this.#saveObject(bucket, locked);
			return locked;
		});
		this.#bucket(bucket).versions.set(key, versions);
	}

	/** The keys of the objects of a bucket in the order of their UTF-8 bytes. */
	sortedKeys(name: string): readonly string[] {
		const bucket = this.#bucket(name);
		bucket.sortedKeys ??= this.allKeys(name).filter((key) => this.find(name, key) !== undefined);
		return bucket.sortedKeys;
	}

	/** The same with the keys that have only old versions. */
	allKeys(name: string): readonly string[] {
		return [...this.#bucket(name).versions.keys()].sort(compareKeys);
	}

	#add(name: string, object: StoredObject): Change {
		const bucket = this.#bucket(name);
		const versionId = { Enabled: randomBytes(16).toString("hex"), Suspended: NO_VERSION, off: undefined }[
			bucket.versioning ?? "off"
		];
		this.#order += 1;
		const added = { ...object, versionId, order: this.#order };
		const there = this.versions(name, object.key);
		const removed = there.find((one) => idOf(one) === idOf(added));
		this.#saveObject(name, added);
		bucket.versions.set(object.key, [added, ...there.filter((one) => one !== removed)]);
		if (removed === undefined || added.isDeleteMarker || there.length > 1) bucket.sortedKeys = undefined;
		return { added, removed };
	}

	#remove(name: string, key: string, versionId: string): Change {
		const bucket = this.#bucket(name);
		const there = this.versions(name, key);
		const removed = there.find((one) => idOf(one) === versionId);
		if (removed === undefined) return { added: undefined, removed };
		const left = there.filter((one) => one !== removed);
		if (left.length > 0) bucket.versions.set(key, left);
		else bucket.versions.delete(key);
		bucket.sortedKeys = undefined;
		this.#forget("objects", pathName(name, removed));
		return { added: undefined, removed };
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

	#saveObject(bucket: string, object: StoredObject): void {
		this.#save("objects", pathName(bucket, object), { bucket, object });
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

function orderOf({ object }: ObjectRecord): number {
	return object.order ?? 0;
}

function newBucket({ name, created, versioning, hasLock = false }: BucketRecord): Bucket {
	return { name, created, versioning, hasLock, versions: new Map(), sortedKeys: undefined };
}

function pathName(bucket: string, object: StoredObject): string {
	const id = idOf(object);
	return id === NO_VERSION ? `${bucket}/${object.key}` : `${bucket}/${object.key}\0${id}`;
}
