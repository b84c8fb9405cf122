import { isUtf8 } from "node:buffer";
import type { PrefixAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import { type ListedObject, listObjects } from "../../s3/objects/list-objects.ts";
import type { StorageOptions } from "../../s3/options.ts";
import { createFilter, type Filter, type FilterLists } from "../../sources/files/filter.ts";
import { textOf } from "../../sources/files/place.ts";
import { RangedObject } from "../../sources/objects/ranged-object.ts";
import type { RangedContent } from "../../sources/ranged-content.ts";
import type { Source } from "../../sources/source.ts";
import { sortByName } from "./name-order.ts";
import type { FolderListing, ServedItem, ServedPath, ServedTree } from "./served-tree.ts";

/** Bytes of a key at most. */
const MAX_KEY_SIZE = 1024;

/** How a bucket is reached. */
export interface BucketAccess {
	readonly address: PrefixAddress;
	readonly connection: Connection;
	/** For the sources of archives. */
	readonly storage: StorageOptions;
	/** How long a request is tried. Milliseconds. */
	readonly retryTimeMs: number;
}

/** Objects below a prefix; what is between slashes of their keys are folders. */
export class BucketTree implements ServedTree {
	readonly title: string;
	readonly #access: BucketAccess;
	/** Empty, or with a slash at its end. */
	readonly #prefix: string;
	readonly #filter: Filter;

	constructor(access: BucketAccess, filters: FilterLists) {
		const { bucket, prefix } = access.address;
		this.#access = access;
		this.#prefix = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
		this.#filter = createFilter(filters);
		this.title = this.#prefix.split("/").at(-2) || bucket;
	}

	async look(
		path: ServedPath,
		asFolder: boolean,
		signal: AbortSignal,
	): Promise<RangedContent | "folder" | undefined> {
		if (path.length === 0)
			return this.#isBucket || (await this.#hasBelow(this.#prefix, signal)) ? "folder" : undefined;
		const key = this.#keyOf(path);
		if (key === undefined) return undefined;
		const { connection, address, retryTimeMs } = this.#access;
		const { bucket } = address;
		const folder = async () => ((await this.#hasBelow(`${key}/`, signal)) ? "folder" : undefined);
		if (asFolder) return folder();
		const found = await headObject(connection, { bucket, key }, { signal, retryTimeMs });
		if (found === undefined) return folder();
		if (!this.#shows(key, false)) return undefined;
		const { size, etag, lastModified, storageClass } = found;
		const times = { mtime: undefined, maxMtime: undefined };
		return new RangedObject(
			{ name: bucket, connection, times, onEvent: undefined },
			{ key, size, etag, lastModified, storageClass },
			{ mtimeMs: lastModified?.getTime() ?? 0, mode: 0o644 },
		);
	}

	async list(path: ServedPath, signal: AbortSignal): Promise<FolderListing | undefined> {
		const key = this.#keyOf(path);
		if (key === undefined) return undefined;
		const prefix = path.length === 0 ? this.#prefix : `${key}/`;
		const folders = new Map<string, ServedItem>();
		const files: ServedItem[] = [];
		let isThere = path.length === 0 && this.#isBucket;
		for await (const { objects, commonPrefixes } of this.#pages(prefix, signal, { delimiter: "/" })) {
			isThere ||= objects.length + commonPrefixes.length > 0;
			for (const below of commonPrefixes) {
				const name = byteString(below.slice(prefix.length, -1));
				if (this.#shows(below, true)) folders.set(name, { name, kind: "folder" });
			}
			for (const object of objects) {
				// An object of this name marks the folder itself.
				if (object.key !== prefix && this.#shows(object.key, false)) files.push(itemOf(object, prefix));
			}
		}
		if (!isThere) return undefined;
		const items = [...sortByName([...folders.values()]), ...sortByName(files)];
		return {
			async *items() {
				yield items;
			},
			close() {},
		};
	}

	source(path: ServedPath): Source {
		const { address, storage } = this.#access;
		const below = path.length === 0 ? undefined : textOf(path.join("/"));
		return { url: `s3://${address.bucket}/${this.#prefix}`, as: "", below, storage };
	}

	close(): void {
		this.#access.connection.close();
	}

	/** A bucket is there without anything in it. A prefix is not: as a directory that is missing, it may be a mistake, or be filled later. */
	get #isBucket(): boolean {
		return this.#prefix === "";
	}

	async #hasBelow(prefix: string, signal: AbortSignal): Promise<boolean> {
		if (!this.#shows(prefix, true)) return false;
		for await (const { objects } of this.#pages(prefix, signal, { pageSize: 1 }))
			if (objects.length > 0) return true;
		return false;
	}

	#pages(prefix: string, signal: AbortSignal, options: { delimiter?: string; pageSize?: number }) {
		const { connection, address, retryTimeMs } = this.#access;
		const { bucket } = address;
		return listObjects(connection, { bucket, prefix }, { ...options, signal, retryTimeMs });
	}

	/** `undefined` for what no key can be. Without a slash at its end. */
	#keyOf(path: ServedPath): string | undefined {
		const bytes = Buffer.from(path.join("/"), "latin1");
		const key = `${this.#prefix}${bytes}`;
		return isUtf8(bytes) && Buffer.byteLength(key) < MAX_KEY_SIZE ? key : undefined;
	}

	#shows(key: string, isFolder: boolean): boolean {
		const text = key.slice(this.#prefix.length);
		if (text === "") return true;
		return !this.#filter.excludes(text) && (isFolder || this.#filter.includes(text));
	}
}

function itemOf({ key, size, lastModified }: ListedObject, prefix: string): ServedItem {
	return {
		name: byteString(key.slice(prefix.length)),
		kind: "file",
		size,
		mtimeMs: lastModified?.getTime(),
	};
}

function byteString(text: string): string {
	return Buffer.from(text).toString("latin1");
}
