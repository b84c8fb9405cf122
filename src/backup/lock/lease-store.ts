import { randomUUID } from "node:crypto";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { factsOf, isConditionFailed, mayNotKnowConditions } from "../../s3/errors/refusals.ts";
import { getSmall } from "../../s3/objects/get-small.ts";
import { putSmall } from "../../s3/objects/put-small.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import { jobIdentity } from "./job-identity.ts";
import { formatLease, type Lease, LONGEST_LEASE, parseLease } from "./lease-document.ts";

/** A lease as it is in the storage. */
export interface StoredLease {
	readonly lease: Lease;
	readonly etag: string;
	/** Milliseconds since it was written, by the storage's clock; `undefined` if it does not tell. */
	readonly ageMs: number | undefined;
}

/** What a lease is written over: nothing at all, or the one with this ETag. */
export type Replaced = "nothing" | { readonly etag: string };

export interface WaitOptions {
	readonly signal?: AbortSignal | undefined;
	/** Milliseconds for which a request is repeated. */
	readonly retryTimeMs: number;
}

/** Where the lease of a job lies. */
export interface LeaseStore {
	/** For messages. */
	readonly location: string;
	/** Whether conditions hold there for certain, perhaps, or not. */
	readonly conditions: "yes" | "unsure" | "no";
	read(options: WaitOptions): Promise<StoredLease | undefined>;
	/**
	 * Writes a lease if the condition holds.
	 *
	 * @returns its ETag; `"conflict"` if the condition does not hold, `"unsupported"` if the storage knows no conditions.
	 */
	write(lease: Lease, replaces: Replaced, options: WaitOptions): Promise<WriteOutcome>;
}

export type WriteOutcome = { readonly etag: string } | "conflict" | "unsupported";

/**
 * The key of the lease, beside the archives: whoever may write these may write it. No template makes such a key: it
 * has no time in it.
 */
export function leaseAddress(template: KeyTemplate): ObjectAddress {
	const { bucket, prefix } = template;
	return { bucket, key: `${prefix}.zipferry-${jobIdentity(template).slice(0, 16)}.lease.json` };
}

export function leaseStore(connection: Connection, address: ObjectAddress): LeaseStore {
	return {
		location: `s3://${address.bucket}/${address.key}`,
		conditions: connection.provider.conditionalPut,
		async read(options) {
			const found = await getSmall(connection, address, { maxSize: LONGEST_LEASE, ...options });
			if (found === undefined) return undefined;
			if (found !== "too-large")
				return { lease: parseLease(found.bytes), etag: found.etag, ageMs: found.ageMs };
			const problem = `s3://${address.bucket}/${address.key} is too large for the lease of a job`;
			throw new StorageError("STORAGE_REFUSED", problem, address);
		},
		async write(lease, replaces, options) {
			// No two writes are alike, so that an ETag stands for one of them.
			const bytes = formatLease(lease, randomUUID());
			try {
				const contentType = "application/json";
				return await putSmall(connection, address, bytes, { ...options, replaces, contentType });
			} catch (error) {
				if (isConditionFailed(error) || isExisting(error)) return "conflict";
				const { status, serverCode } = factsOf(error);
				// Two writers at once: AWS refuses one of them with 409.
				if (status === 409 && serverCode === "ConditionalRequestConflict") return "conflict";
				if (mayNotKnowConditions(error)) return "unsupported";
				throw error;
			}
		},
	};
}

function isExisting(error: unknown): boolean {
	return error instanceof StorageError && error.code === "DESTINATION_EXISTS";
}
