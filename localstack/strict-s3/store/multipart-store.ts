import { randomBytes } from "node:crypto";
import { S3Error } from "../errors.ts";
import type { Blob } from "./blob-store.ts";
import type { ChecksumAlgorithm, ChecksumType } from "./checksums.ts";
import { compareKeys } from "./listing.ts";
import type { Retention } from "./stored-object.ts";

export interface Part {
	/** From 1. */
	readonly number: number;
	readonly blob: Blob;
	readonly md5: Buffer;
	/** Base64; set if the upload was created with a checksum algorithm. */
	readonly checksum: string | undefined;
	/** Milliseconds since 1970. */
	readonly lastModified: number;
}

/** A multipart upload that is neither completed nor aborted. */
export interface MultipartUpload {
	readonly id: string;
	readonly bucket: string;
	readonly key: string;
	/** Milliseconds since 1970. */
	readonly initiated: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly storageClass: string;
	readonly tags: Readonly<Record<string, string>>;
	/** Of the object that it becomes. */
	readonly retention: Retention | undefined;
	readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | undefined;
	/** By part number. */
	readonly parts: Map<number, Part>;
}

/** The uploads in progress. They are in memory only: a server that is started again has none. */
export class MultipartStore {
	readonly #uploads = new Map<string, MultipartUpload>();
	#created = 0;

	create(upload: Omit<MultipartUpload, "id" | "parts">): MultipartUpload {
		// The number in front gives the ids the order of a listing, which goes on behind a marker that is gone.
		this.#created += 1;
		const id = `${String(this.#created).padStart(10, "0")}-${randomBytes(16).toString("hex")}`;
		const created = { ...upload, id, parts: new Map<number, Part>() };
		this.#uploads.set(id, created);
		return created;
	}

	/** The upload, if it is one for this very object. */
	get(bucket: string, key: string, id: string): MultipartUpload {
		const upload = this.#uploads.get(id);
		if (upload === undefined || upload.bucket !== bucket || upload.key !== key) {
			throw new S3Error(
				"NoSuchUpload",
				"The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
				{ UploadId: id },
			);
		}
		return upload;
	}

	/** Puts the part in place of the one with its number, which is returned. */
	putPart({ bucket, key, id }: MultipartUpload, part: Part): Part | undefined {
		// Asked for again: it may have been aborted while the part came in.
		const { parts } = this.get(bucket, key, id);
		const existing = parts.get(part.number);
		parts.set(part.number, part);
		return existing;
	}

	delete({ id }: MultipartUpload): void {
		this.#uploads.delete(id);
	}

	/** By key, those of one key in the order of their creation. */
	list(bucket: string): MultipartUpload[] {
		return [...this.#uploads.values()].filter((upload) => upload.bucket === bucket).sort(compareUploads);
	}
}

/** By key, then by upload id. */
export function compareUploads(left: UploadName, right: UploadName): number {
	return compareKeys(left.key, right.key) || compareKeys(left.id, right.id);
}

export type UploadName = Pick<MultipartUpload, "key" | "id">;

export function sortedParts(upload: MultipartUpload): Part[] {
	return [...upload.parts.values()].sort((left, right) => left.number - right.number);
}

export function partEtag({ md5 }: Part): string {
	return md5.toString("hex");
}
