import { describeSize } from "../../bytes/units.ts";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { isKeyService, isMd5Etag } from "../../s3/object-proof.ts";
import type { Provider } from "../../s3/providers.ts";
import { type CopiedParts, type PartSchedule, scheduleOf } from "../parts/part-schedule.ts";
import { sendable } from "../parts/sendable-part.ts";
import type { ObjectSettings } from "../put/object-options.ts";
import {
	type ListedPart,
	listUploadedParts,
	type UploadedParts,
	type UploadTraits,
} from "./uploaded-parts.ts";
import { type ListedUpload, uploadPages } from "./uploads-listing.ts";

/** An incomplete upload to resume. */
export interface ResumableUpload {
	readonly uploadId: string;
	/** Milliseconds since it started, by the server's clock. */
	readonly ageMs: number;
	/** Its parts, by part number. */
	readonly parts: ReadonlyMap<number, ListedPart>;
	/** Bytes of these parts. */
	readonly size: number;
	/** How its parts were cut; `undefined` if they do not tell, or there are none. */
	readonly schedule: PartSchedule | undefined;
}

/** The result of {@link findResumableUpload}. */
export interface ResumeSearch {
	readonly upload: ResumableUpload | undefined;
	/** Newer ones that cannot be resumed. */
	readonly unfit: readonly { readonly uploadId: string; readonly reason: string }[];
}

interface PlannedParts extends PartSchedule {
	/** `undefined` if unknown. */
	readonly maxPartCount: number | undefined;
}

/** The requirements for the upload. */
export interface ResumeNeeds {
	readonly object: ObjectSettings;
	/** Bytes the archive cannot exceed, or is expected not to; `undefined` if unknown. */
	readonly sizeBound: number | undefined;
	/** How parts of a new upload would be cut. */
	readonly planned: PlannedParts;
	/** Parts at the beginning that are copied from other objects: they are copied again, whatever the upload holds. */
	readonly copied?: CopiedParts | undefined;
	/** Whether ranges among the bytes of the archive end parts, which do not show how it was cut then. */
	readonly hasRangesAmong?: boolean | undefined;
	readonly signal: AbortSignal | undefined;
}

/** Uploads of one key whose parts are looked at. Who has left more than that is better served by a new one. */
const MAX_LOOKED_AT = 20;

/**
 * Finds the incomplete upload to resume: the newest of exactly this key that holds parts and fits, or
 * else an empty one. Everything there is to know comes from the storage, so a run on another machine finds
 * the same.
 *
 * @throws {StorageError} if the storage refuses to list, or cannot be reached.
 */
export async function findResumableUpload(
	connection: Connection,
	address: ObjectAddress,
	needs: ResumeNeeds,
): Promise<ResumeSearch> {
	const { bucket, key } = address;
	const { signal } = needs;
	const uploads: ListedUpload[] = [];
	for await (const page of uploadPages(connection, { bucket, prefix: key }, { signal }))
		uploads.push(...page.filter((upload) => upload.key === key));
	const unfit: { uploadId: string; reason: string }[] = [];
	let empty: ResumableUpload | undefined;
	for (const upload of newestFirst(uploads).slice(0, MAX_LOOKED_AT)) {
		const held = await listUploadedParts(connection, bucket, upload, signal);
		if (held === undefined) continue; // finished or removed by now
		if (held === "refused") throw listingRefused(address);
		const { uploadId, ageMs } = upload;
		const resumable = {
			uploadId,
			ageMs,
			parts: new Map(held.parts.map((part) => [part.partNumber, part])),
			size: held.size,
			schedule:
				needs.hasRangesAmong === true
					? needs.planned
					: scheduleOf(held.parts, sendable(connection.provider.limits), {
							...{ planned: needs.planned, mayGrow: needs.planned.grows, copied: needs.copied },
						}),
		};
		const reason = whyUnfit(resumable, held, connection.provider, needs);
		if (reason !== undefined) unfit.push({ uploadId, reason });
		else if (held.parts.length > 0) return { upload: resumable, unfit };
		else empty ??= resumable;
	}
	return { upload: empty, unfit };
}

/** If two were started in the same second, the later one comes second in most listings. */
function newestFirst(uploads: readonly ListedUpload[]): ListedUpload[] {
	return [...uploads].reverse().sort((a, b) => b.initiated.getTime() - a.initiated.getTime());
}

/** Whether the storage checks parts of this upload as it would check those of a new one. */
export function hasOurChecksums(
	{ checksumAlgorithm, checksumType }: UploadTraits,
	{ checksums }: Pick<Provider, "checksums">,
): boolean {
	if (!checksums) return checksumAlgorithm === undefined;
	return checksumAlgorithm === "CRC32" && checksumType === "FULL_OBJECT";
}

function whyUnfit(
	{ parts, schedule }: ResumableUpload,
	traits: UploadedParts,
	provider: Provider,
	{ object, sizeBound, copied, planned, hasRangesAmong = false }: ResumeNeeds,
): string | undefined {
	const { checksumAlgorithm = "no", checksumType = "no", storageClass } = traits;
	if (!hasOurChecksums(traits, provider)) {
		const wanted = provider.checksums ? "CRC32 of the FULL_OBJECT" : "none";
		return `it was started with checksums that are not ours (${checksumAlgorithm} algorithm, ${checksumType} type; needed: ${wanted})`;
	}
	const wantedClass = object.storageClass ?? "STANDARD";
	if (storageClass !== undefined && storageClass !== wantedClass)
		return `it was started with storage class ${storageClass}, not ${wantedClass}`;
	if (parts.size === 0) return undefined;
	if (!provider.checksums) {
		const opaque = isKeyService(object.sse) || [...parts.values()].some(({ etag }) => !isMd5Etag(etag));
		if (opaque)
			return "its ETags are no MD5, as with KMS keys, and the storage keeps no checksums: nothing shows what its parts hold";
	}
	if (schedule === undefined || sizeBound === undefined) return undefined;
	if (sizeBound > schedule.capacity)
		return `the archive may reach ${describeSize(sizeBound)}, and parts like its own hold ${describeSize(schedule.capacity)}`;
	const partCount = hasRangesAmong ? planned.maxPartCount : partCountOf(sizeBound, schedule, copied);
	if (!provider.completesSubset && Math.max(...parts.keys()) > (partCount ?? Number.POSITIVE_INFINITY))
		return "it holds more parts than the archive needs now, and the storage cannot leave out any";
	return undefined;
}

function partCountOf(
	size: number,
	{ partSizeOf }: PartSchedule,
	copied: CopiedParts = { partCount: 0, size: 0 },
): number {
	let count = copied.partCount;
	for (let left = size - copied.size; left > 0; left -= partSizeOf(count + 1)) count += 1;
	return count;
}

function listingRefused({ bucket, key }: ObjectAddress): StorageError {
	return new StorageError(
		"STORAGE_REFUSED",
		`the parts of an incomplete upload of s3://${bucket}/${key} cannot be listed: to resume it, the credentials need s3:ListMultipartUploadParts`,
		{ bucket, key, operation: "ListParts" },
	);
}
