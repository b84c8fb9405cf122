import {
	GetObjectLockConfigurationCommand,
	GetObjectRetentionCommand,
	type ObjectLockConfiguration,
	PutObjectRetentionCommand,
} from "@aws-sdk/client-s3";
import type { ObjectAddress } from "../address.ts";
import type { Connection } from "../connection.ts";
import { factsOf } from "../errors/refusals.ts";
import { expectAnyOf } from "../expected-answers.ts";
import { send } from "../send.ts";
import { useContentMd5 } from "./content-md5.ts";
import { READ_TIME_MS, type RequestOptions } from "./request-options.ts";

/** How long a version of an object is kept, whoever wants to delete it. */
export interface ObjectRetention {
	/** Governance can be lifted by those who have the permission to; compliance by nobody. */
	readonly mode: "governance" | "compliance";
	readonly until: Date;
}

export interface RetentionOptions extends RequestOptions {
	/** The version that is meant; by default the one that counts. */
	readonly versionId?: string | undefined;
}

/**
 * Locks a version of an object, or extends its lock. What is locked already is never loosened: zipferry does not ask
 * to pass governance, and the storage refuses an earlier date.
 *
 * @param retention - The date goes to the next full second, as not every storage keeps fractions.
 * @throws {StorageError}
 */
export async function putObjectRetention(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	{ mode, until }: ObjectRetention,
	{ versionId, signal, retryTimeMs = READ_TIME_MS, onRetry }: RetentionOptions = {},
): Promise<void> {
	const command = new PutObjectRetentionCommand({
		Bucket: bucket,
		Key: key,
		...(versionId === undefined ? {} : { VersionId: versionId }),
		Retention: {
			Mode: mode === "compliance" ? "COMPLIANCE" : "GOVERNANCE",
			RetainUntilDate: new Date(Math.ceil(until.getTime() / 1000) * 1000),
		},
	});
	if (!connection.provider.checksums) useContentMd5(command.middlewareStack);
	await send(connection, command, { signal, retryTimeMs, onRetry });
}

/**
 * Asks how long a version of an object is locked.
 *
 * @returns `undefined` if it has no lock, or never had one; a date may be over.
 * @throws {StorageError} also for an object that does not exist
 */
export async function getObjectRetention(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	{ versionId, signal, retryTimeMs = READ_TIME_MS, onRetry }: RetentionOptions = {},
): Promise<ObjectRetention | undefined> {
	const command = new GetObjectRetentionCommand({
		Bucket: bucket,
		Key: key,
		...(versionId === undefined ? {} : { VersionId: versionId }),
	});
	try {
		const check = (answer: { readonly Retention?: object | undefined }) => expectAnyOf(answer.Retention);
		const { Retention } = await send(connection, command, { signal, retryTimeMs, onRetry, check });
		return retentionOf(Retention?.Mode, Retention?.RetainUntilDate);
	} catch (error) {
		const { serverCode = "" } = factsOf(error);
		if (NO_LOCK.test(serverCode)) return undefined;
		// A bucket without Object Lock has no locked objects.
		if (serverCode === "InvalidRequest" && (await hasObjectLock(connection, bucket, { signal })) === false)
			return undefined;
		throw error;
	}
}

const NO_LOCK = /^NoSuchObjectLockConfiguration$|^ObjectLockConfigurationNotFound/;

/** A lock as answers show it; `undefined` if they show none, or one that we do not know. */
function retentionOf(mode: string | undefined, until: Date | undefined): ObjectRetention | undefined {
	if (until === undefined || (mode !== "GOVERNANCE" && mode !== "COMPLIANCE")) return undefined;
	return { mode: mode === "COMPLIANCE" ? "compliance" : "governance", until };
}

/**
 * Asks whether objects of a bucket can be locked.
 *
 * @returns `"unknown"` if we may not ask, or the storage does not know the question.
 * @throws {StorageError} for a bucket that does not exist, or a storage that cannot be reached
 */
export async function hasObjectLock(
	connection: Connection,
	bucket: string,
	options: RequestOptions = {},
): Promise<boolean | "unknown"> {
	const lock = await lockConfiguration(connection, bucket, options);
	return lock === "unknown" ? lock : lock?.ObjectLockEnabled === "Enabled";
}

/**
 * Asks whether a bucket locks every object that is put there, for a time of its own.
 *
 * @returns as {@link hasObjectLock}
 * @throws as {@link hasObjectLock}
 */
export async function retainsByDefault(
	connection: Connection,
	bucket: string,
	options: RequestOptions = {},
): Promise<boolean | "unknown"> {
	const lock = await lockConfiguration(connection, bucket, options);
	return lock === "unknown" ? lock : lock?.Rule?.DefaultRetention?.Mode !== undefined;
}

async function lockConfiguration(
	connection: Connection,
	bucket: string,
	{ signal, retryTimeMs = READ_TIME_MS, onRetry }: RequestOptions,
): Promise<ObjectLockConfiguration | undefined | "unknown"> {
	const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
	try {
		return (await send(connection, command, { signal, retryTimeMs, onRetry })).ObjectLockConfiguration;
	} catch (error) {
		const { status = 0, serverCode = "" } = factsOf(error);
		if (NO_LOCK.test(serverCode)) return undefined;
		if (status === 403 || UNKNOWN_QUESTION.has(status)) return "unknown";
		throw error;
	}
}

const UNKNOWN_QUESTION: ReadonlySet<number> = new Set([400, 405, 501]);
