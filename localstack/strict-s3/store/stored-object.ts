import { S3Error } from "../errors.ts";
import type { Blob } from "./blob-store.ts";
import type { Checksum } from "./checksums.ts";

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
	/** Of a multipart upload, in order. */
	readonly parts?: readonly StoredPart[] | undefined;
	/** Given by the store. `undefined`: the bucket kept no versions when it was put there. */
	readonly versionId?: string | undefined;
	/** Given by the store: larger for what was put there later. */
	readonly order?: number | undefined;
	/** It stands for an object that was deleted, and has no data. */
	readonly isDeleteMarker?: true | undefined;
	/** Until then nobody may delete it. */
	readonly retention?: Retention | undefined;
}

/** A part that an object was made of. */
interface StoredPart {
	readonly number: number;
	/** Bytes. */
	readonly size: number;
	/** Base64; set if the upload was created with a checksum algorithm. */
	readonly checksum: string | undefined;
}

export interface Retention {
	readonly mode: "GOVERNANCE" | "COMPLIANCE";
	/** Milliseconds since 1970. */
	readonly until: number;
}

/** The version of what was put into a bucket while it kept none. */
export const NO_VERSION = "null";

/** What a bucket does with what is overwritten and deleted; `undefined`: it was never told to keep it. */
export type Versioning = "Enabled" | "Suspended" | undefined;

/** Says whether an object may be written; throws if not. Gets what is there under the key. */
export type WriteCondition = (existing: StoredObject | undefined) => void;

/** The version of an object as requests name it. */
export function idOf({ versionId = NO_VERSION }: StoredObject): string {
	return versionId;
}

export function noSuchKey(key: string): S3Error {
	return new S3Error("NoSuchKey", "The specified key does not exist.", { Key: key });
}
