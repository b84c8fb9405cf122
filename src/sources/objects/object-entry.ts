import type { ListedObject } from "../../s3/objects/list-objects.ts";
import type { EntryReader } from "../../zip/entry.ts";
import type { MeasurableEntry } from "../entry-source.ts";
import { entryTime } from "../entry-time.ts";
import type { EntryPin } from "../pins/entry-pin.ts";
import type { RangedContent } from "../ranged-content.ts";
import { openObject } from "./object-reader.ts";
import { RangedObject } from "./ranged-object.ts";
import { originOf, type SourceBucket } from "./source-bucket.ts";
import type { StoredContent } from "./stored/stored-content.ts";
import { StoredObject } from "./stored/stored-object.ts";

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/** An object that was listed, as an entry. There may be millions: it computes late. */
export class ObjectEntry implements MeasurableEntry {
	readonly #bucket: SourceBucket;
	readonly #object: ListedObject;
	readonly name: Uint8Array;
	readonly kind: "file" | "directory";

	constructor(bucket: SourceBucket, object: ListedObject, name: Uint8Array, kind: "file" | "directory") {
		this.#bucket = bucket;
		this.#object = object;
		this.name = name;
		this.kind = kind;
	}

	get origin(): string {
		return originOf({ bucket: this.#bucket.name, key: this.#object.key });
	}

	get size(): number {
		return this.#object.size;
	}

	get mode(): number {
		return this.kind === "file" ? FILE_MODE : DIRECTORY_MODE;
	}

	/** Of the listing; the metadata comes with the content. */
	get mtimeMs(): number {
		return entryTime(this.#bucket.times, this.#object.lastModified?.getTime() ?? 0);
	}

	/** Nothing could hold the storage to the state of an object that was listed without a tag. */
	get stored(): StoredContent | undefined {
		const isCopyable = this.#bucket.isOfTarget === true && this.kind === "file" && this.#object.etag !== "";
		return isCopyable ? new StoredObject(this.#bucket, this.#object) : undefined;
	}

	open(signal: AbortSignal): Promise<EntryReader> {
		return openObject(this.#bucket, this.#object, signal);
	}

	pin(): EntryPin {
		const { key, size, etag, lastModified } = this.#object;
		const { kind, mode } = this;
		return {
			...{ place: key, kind, size, mode, mtimeMs: lastModified?.getTime() ?? 0 },
			...(etag === "" ? {} : { etag }),
		};
	}

	/** Nothing tells one state from another of what was listed without a tag. */
	ranged(): RangedContent | undefined {
		if (this.#object.etag === "") return undefined;
		const { mtimeMs, mode } = this;
		return new RangedObject(this.#bucket, this.#object, { mtimeMs, mode });
	}
}
