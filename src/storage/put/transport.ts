import type { ChunkMemory } from "../../bytes/chunk-memory.ts";
import type { HashAlgorithm } from "../../bytes/hash/archive-hash.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import type { ResumableUpload } from "../incomplete/resumable-upload.ts";
import type { Bandwidth } from "../parts/bandwidth.ts";
import type { CompletedPart } from "../parts/completed-part.ts";
import type { BodyPiece } from "../parts/object-range.ts";
import type { PartSchedule } from "../parts/part-schedule.ts";
import type { ObjectSettings } from "./object-options.ts";
import type { PutEvent, ResumedParts } from "./put-event.ts";

/**
 * The object, as chunks of any length, and ranges of objects that the storage copies itself. It counts as
 * complete only if it ends with a return value that says how many bytes there were, those of ranges among them.
 *
 * A range is a part of its own and ends the one before. So the bytes between two ranges, and the ranges
 * themselves, have to be at least the storage's smallest part (5 MiB) each, but for the end.
 */
export type ObjectBody = AsyncGenerator<BodyPiece, { readonly size: number } | undefined, void>;

/** The destination of the object, and the settings stored with it. */
export interface Destination {
	readonly address: ObjectAddress;
	readonly object: ObjectSettings;
	/** Fails if there is an object under the key, also if it comes there meanwhile. */
	readonly noClobber: boolean;
	/**
	 * ETag that the object under the key must have when it is replaced, without quotes; only for providers that heed such a condition.
	 */
	readonly ifMatch?: string | undefined;
	/** Names of metadata that differ from run to run: an upload that is resumed may have other values. */
	readonly varyingMetadata?: readonly string[] | undefined;
}

/** The contents of the object. */
interface BodySource {
	/** Begins to make the object; called once. Its chunks are treated as this memory says. */
	readonly open: (memory: ChunkMemory) => ObjectBody;
	/** Bytes that it cannot exceed; `undefined` if unknown. */
	readonly sizeBound: number | undefined;
	/**
	 * Whether ranges are among the chunks, or come before all of them. Not every transport and storage takes them. Among chunks it costs
	 * one more part of memory, and parts of bytes are at least twice the storage's smallest.
	 */
	readonly mayCopy: boolean | "first";
	/** The hash to compute over the whole object. */
	readonly hash: HashAlgorithm | undefined;
}

/** How fast, and how many at once. */
interface Pace {
	/** Parts under way at once. */
	readonly concurrency: number;
	/** The pace at which bodies are sent; `undefined` for as fast as it goes. */
	readonly bandwidth: Bandwidth | undefined;
}

/** How parts are kept and used from run to run. */
interface Resumption {
	/** An incomplete upload to resume: of what it holds, only what differs is sent again. */
	readonly upload: Pick<ResumableUpload, "uploadId" | "parts"> | undefined;
	/** Leaves the parts in place when the upload fails, for a later run to resume. */
	readonly keepParts: boolean;
	/**
	 * Parts of that upload that others have sent for the object. It is their upload as well then: whatever fails, it is left as it is.
	 */
	readonly others?: readonly CompletedPart[] | undefined;
}

/** One object to put, and how, wherever its bytes come from. */
export interface SessionRequest {
	readonly destination: Destination;
	readonly pace: Pace;
	readonly resume: Resumption;
	/** Milliseconds for which a failing request is repeated. */
	readonly retryTimeMs: number;
	readonly signal: AbortSignal | undefined;
	/** Told what happens. What it throws ends the upload as any other failure does. */
	readonly onEvent: (event: PutEvent) => void;
	/**
	 * Called when everything is sent and before the request that makes the object visible. What it throws ends the
	 * upload as any other failure does.
	 */
	readonly beforeComplete?: ((signal: AbortSignal) => unknown) | undefined;
}

/** One object to put, and how. */
export interface PutRequest extends SessionRequest {
	readonly body: BodySource;
	/** How the object is cut; one of one part or less is sent in one request. */
	readonly parts: Pick<PartSchedule, "partSizeOf" | "capacity">;
}

/** The object that the storage holds now, checked against what was sent. */
export interface PutResult {
	/** Bytes. */
	readonly size: number;
	/** As the storage gives it, without quotes. */
	readonly etag: string;
	/** On versioned buckets. */
	readonly versionId: string | undefined;
	/** 1 for an object sent in one request. */
	readonly partCount: number;
	/** Lower-case hex; `undefined` if none was asked for, or bytes were copied that nobody here has seen. */
	readonly hash: string | undefined;
	/** Ids of uploads whose beginning got lost on its way, and which could not be removed afterwards. */
	readonly incomplete: readonly string[];
	readonly resumed: ResumedParts;
	/** Settings of the object that differ from those asked for, as the upload was started without them. */
	readonly differences: readonly string[];
	/** The object does not show the tags that it should have. */
	readonly lacksTags: boolean;
}

/**
 * Puts a stream of chunks under a key, all or nothing.
 *
 * It resolves when the storage holds every byte, and was asked whether it does. It rejects with the first
 * thing that went wrong (the body's own error, the signal's reason, a {@link StorageError}) after the
 * requests under way have ended and nothing of the upload is left; where that cannot be had, the error
 * names the upload. With `keepParts` they are left, and told of. Whatever was under the key before stays until then.
 */
export type Transport = (connection: Connection, request: PutRequest) => Promise<PutResult>;
