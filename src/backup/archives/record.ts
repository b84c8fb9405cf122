import * as v from "valibot";
import { delay } from "../../async/delay.ts";
import { MiB } from "../../bytes/units.ts";
import { StorageError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import { factsOf, isConditionFailed, mayNotKnowConditions } from "../../s3/errors/refusals.ts";
import { getSmall } from "../../s3/objects/get-small.ts";
import { putSmall } from "../../s3/objects/put-small.ts";
import type { RequestOptions } from "../../s3/objects/request-options.ts";
import { RECORD_SUFFIX } from "../template/own-objects.ts";
import type { ArchiveRecord, BackupArchive } from "./archive-facts.ts";

/** The archive that a record is about. */
export type RecordedArchive = Pick<BackupArchive, "key" | "etag" | "versionId">;

const MAX_SIZE = MiB;
/** Of each list; the oldest ones go. */
const MAX_ITEMS = 200;
/** Two runs at once are one too many already. */
const MAX_CONFLICTS = 8;
const CONFLICT_WAIT_MS = 100;

const Time = v.pipe(v.string(), v.isoTimestamp());

const RECORD = v.object({
	version: v.literal(1),
	etag: v.string(),
	versionId: v.optional(v.string()),
	incomplete: v.optional(v.boolean()),
	verified: v.array(v.object({ at: Time, level: v.picklist(["structure", "headers", "content"]) })),
	drills: v.array(
		v.object({
			...{ at: Time, ok: v.boolean(), entryCount: v.number(), size: v.number(), sample: v.number() },
			...{ elapsedMs: v.number(), host: v.string(), error: v.optional(v.string()) },
		}),
	),
	locks: v.array(v.object({ at: Time, mode: v.picklist(["governance", "compliance"]), until: Time })),
});

/**
 * Reads what became known of an archive.
 *
 * @returns `undefined` if there is no record, or it cannot be read, or is about another archive under the same key
 * @throws {StorageError}
 */
export async function readRecord(
	connection: Connection,
	bucket: string,
	archive: RecordedArchive,
	options: RequestOptions = {},
): Promise<ArchiveRecord | undefined> {
	const record = await findRecord(connection, bucket, archive, options);
	return typeof record === "object" ? record : undefined;
}

/** {@link readRecord}, and why there is none: there is no such object, or it says nothing of this archive. */
export async function findRecord(
	connection: Connection,
	bucket: string,
	archive: RecordedArchive,
	options: RequestOptions = {},
): Promise<ArchiveRecord | "missing" | "unfit"> {
	const file = await readFile(connection, bucket, archive, options);
	return file === undefined ? "missing" : (file.record ?? "unfit");
}

/**
 * Changes the record of an archive, and makes one if there is none. If somebody else has changed it meanwhile, the
 * change is made again on what they wrote, as far as the storage knows conditions.
 *
 * @param change - Pure: it may be called several times.
 * @throws {StorageError}
 */
export async function updateRecord(
	connection: Connection,
	bucket: string,
	archive: RecordedArchive,
	change: (record: ArchiveRecord) => ArchiveRecord,
	options: RequestOptions = {},
): Promise<ArchiveRecord> {
	let conditional = connection.provider.conditionalPut !== "no";
	for (let conflicts = 0; ; conflicts++) {
		const file = await readFile(connection, bucket, archive, options);
		const { key, etag, versionId } = archive;
		const empty: ArchiveRecord = { version: 1, etag, versionId, verified: [], drills: [], locks: [] };
		const record = shortened(change(file?.record ?? empty));
		const replaces = file === undefined ? "nothing" : { etag: file.etag };
		try {
			await putSmall(connection, { bucket, key: key + RECORD_SUFFIX }, encode(record), {
				...options,
				replaces: conditional ? replaces : undefined,
				contentType: "application/json",
			});
			return record;
		} catch (error) {
			if (conditional && mayNotKnowConditions(error)) conditional = false;
			else if (!isConflict(error) || conflicts === MAX_CONFLICTS) throw error;
			else await delay(CONFLICT_WAIT_MS * (conflicts + Math.random()), options.signal);
		}
	}
}

interface RecordFile {
	/** Of the record, without quotes. */
	readonly etag: string;
	/** `undefined` if it cannot be read or is about another archive. */
	readonly record: ArchiveRecord | undefined;
}

async function readFile(
	connection: Connection,
	bucket: string,
	{ key, etag, versionId }: RecordedArchive,
	options: RequestOptions,
): Promise<RecordFile | undefined> {
	const address = { bucket, key: key + RECORD_SUFFIX };
	const found = await getSmall(connection, address, { ...options, maxSize: MAX_SIZE });
	if (found === undefined) return undefined;
	if (found === "too-large") {
		const message = `s3://${bucket}/${address.key} is too large for a record of an archive`;
		throw new StorageError("STORAGE_REFUSED", message, address);
	}
	const record = parse(found.bytes);
	const isOfThis =
		record?.etag === etag && (record.versionId ?? versionId) === (versionId ?? record.versionId);
	return { etag: found.etag, record: isOfThis ? record : undefined };
}

function parse(bytes: Uint8Array): ArchiveRecord | undefined {
	try {
		const { versionId, drills, ...record } = v.parse(RECORD, JSON.parse(Buffer.from(bytes).toString()));
		return { ...record, versionId, drills: drills.map((drill) => ({ ...drill, error: drill.error })) };
	} catch {
		return undefined;
	}
}

function encode(record: ArchiveRecord): Uint8Array {
	return Buffer.from(`${JSON.stringify(record, null, "\t")}\n`);
}

function shortened({ verified, drills, locks, ...record }: ArchiveRecord): ArchiveRecord {
	const [v1, d1, l1] = [verified.slice(-MAX_ITEMS), drills.slice(-MAX_ITEMS), locks.slice(-MAX_ITEMS)];
	return { ...record, verified: v1, drills: d1, locks: l1 };
}

function isConflict(error: unknown): boolean {
	const exists = error instanceof StorageError && error.code === "DESTINATION_EXISTS";
	return exists || isConditionFailed(error) || factsOf(error).status === 409;
}
