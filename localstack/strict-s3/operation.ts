import type { IncomingHttpHeaders } from "node:http";
import type { Habits } from "./habits.ts";
import type { Query } from "./http/query.ts";
import type { RequestBody } from "./http/request-body.ts";
import type { BlobStore } from "./store/blob-store.ts";
import type { MultipartStore } from "./store/multipart-store.ts";
import type { ObjectStore } from "./store/object-store.ts";

/** A request that was authenticated and found its operation. */
export interface OperationRequest {
	/** Empty if the operation is on the service. */
	readonly bucket: string;
	/** Empty if the operation is on a bucket. */
	readonly key: string;
	readonly query: Query;
	readonly headers: IncomingHttpHeaders;
	readonly body: RequestBody;
}

interface Limits {
	/** Bytes; parts but the last have at least as many, and sources have more if a range of them is copied. */
	readonly minPartSize: number;
	/** The highest part number. */
	readonly maxPartCount: number;
	/** Whether part numbers follow each other from 1 in every upload, not only in those with a checksum algorithm. */
	readonly consecutiveParts: boolean;
	/** Bytes of one PutObject or UploadPart. */
	readonly maxRequestBodyBytes: number;
}

/** Removes incomplete uploads after some days; the only kind of rule there is, and it is not carried out. */
export interface LifecycleRule {
	readonly id: string;
	readonly enabled: boolean;
	readonly prefix: string;
	readonly days: number;
}

/** What operations work on. */
export interface Stores {
	readonly objects: ObjectStore;
	readonly uploads: MultipartStore;
	readonly blobs: BlobStore;
	/** Of buckets that have any; in memory only. */
	readonly lifecycles: Map<string, readonly LifecycleRule[]>;
	readonly limits: Limits;
	readonly habits: Habits;
	readonly region: string;
	now(): Date;
}

export interface Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** An XML document, or data whose Content-Length is among the headers. */
	readonly body?: string | AsyncIterable<Uint8Array>;
}

export type Operation = (request: OperationRequest, stores: Stores) => Answer | Promise<Answer>;

/** The value of a header, or `undefined` if it was not sent. */
export function header({ headers }: Pick<OperationRequest, "headers">, name: string): string | undefined {
	const value = headers[name];
	return typeof value === "string" ? value : undefined;
}
