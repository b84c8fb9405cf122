import {
	DeleteObjectCommand,
	DeleteObjectsCommand,
	type DeleteObjectsCommandOutput,
	type _Error as ErrorOfKey,
} from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import type { Connection } from "../connection.ts";
import { factsOf, isNotFound } from "../errors/refusals.ts";
import { UnexpectedAnswerError } from "../errors/sdk-error.ts";
import { toStorageError } from "../errors/storage-errors.ts";
import { send } from "../send.ts";
import { useContentMd5 } from "./content-md5.ts";
import { READ_TIME_MS, type RequestOptions } from "./request-options.ts";

/** An object to delete, or one version of it. */
export interface ObjectToDelete {
	readonly key: string;
	/** Without one, on a versioned bucket, a delete marker is put before the versions. */
	readonly versionId?: string | undefined;
}

/** An object that could not be deleted. */
export interface DeleteFailure extends ObjectToDelete {
	/** Usually a {@link StorageError}. */
	readonly error: unknown;
}

/** As many as one request takes. */
const BATCH_SIZE = 1_000;
const CONCURRENCY = 8;
/** Codes of storages that do not know DeleteObjects, or not in the form we send. */
const UNSUPPORTED: ReadonlySet<number> = new Set([400, 404, 405, 411, 501]);
/** As good as deleted. */
const GONE: ReadonlySet<string> = new Set(["NoSuchKey", "NoSuchVersion"]);
/** XML cannot hold them, or readers turn them into something else. */
const ODD_KEY = /[^\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * Deletes objects, up to 1,000 a request; what was not there counts as deleted. What a batch does not delete,
 * and all where the storage knows no batches, is asked for one by one.
 *
 * @returns what could not be deleted
 * @throws only for an abort: whatever else goes wrong is told for each object
 */
export async function deleteObjects(
	connection: Connection,
	bucket: string,
	objects: readonly ObjectToDelete[],
	options: RequestOptions = {},
): Promise<readonly DeleteFailure[]> {
	const singly: ObjectToDelete[] = objects.filter(({ key }) => ODD_KEY.test(key));
	const batched = objects.filter(({ key }) => !ODD_KEY.test(key));
	const failures: DeleteFailure[] = [];
	let knowsBatches = true;
	for (let start = 0; start < batched.length; start += BATCH_SIZE) {
		const batch = batched.slice(start, start + BATCH_SIZE);
		const left =
			knowsBatches && batch.length > 1
				? await deleteBatch(connection, bucket, batch, options, failures)
				: batch;
		if (left === "unsupported") knowsBatches = false;
		singly.push(...(left === "unsupported" ? batch : left));
	}
	const outcomes = await pLimit(CONCURRENCY).map(singly, (object) =>
		deleteOne(connection, bucket, object, options),
	);
	return [...failures, ...outcomes.filter((failure) => failure !== undefined)];
}

/** @returns what is to be tried once more, alone; `"unsupported"` if it does not do this */
async function deleteBatch(
	connection: Connection,
	bucket: string,
	batch: readonly ObjectToDelete[],
	{ signal, retryTimeMs = READ_TIME_MS, onRetry }: RequestOptions,
	failures: DeleteFailure[],
): Promise<readonly ObjectToDelete[] | "unsupported"> {
	const Objects = batch.map(({ key, versionId }) => ({
		Key: key,
		...(versionId === undefined ? {} : { VersionId: versionId }),
	}));
	const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } });
	if (!connection.provider.checksums) useContentMd5(command.middlewareStack);
	try {
		const answer = await send(connection, command, { signal, retryTimeMs, onRetry, check: expectOutcomes });
		const deleted = new Set(answer.Deleted?.map(({ Key, VersionId }) => nameOf(Key, VersionId)));
		const refused = new Map(
			answer.Errors?.map((refusal) => [nameOf(refusal.Key, refusal.VersionId), refusal]),
		);
		const left: ObjectToDelete[] = [];
		for (const object of batch) {
			const name = nameOf(object.key, object.versionId);
			if (deleted.has(name)) continue;
			const refusal = refused.get(name);
			if (GONE.has(refusal?.Code ?? "")) continue;
			if (refusal?.Code === "AccessDenied") failures.push({ ...object, error: denied(refusal, bucket) });
			else left.push(object); // not told of, or may pass
		}
		return left;
	} catch (error) {
		signal?.throwIfAborted();
		const { status, serverCode } = factsOf(error);
		const unsupported = UNSUPPORTED.has(status ?? 0) && serverCode !== "NoSuchBucket";
		return unsupported ? "unsupported" : batch;
	}
}

/** Any page with status 200 reads as if nothing had been deleted, or failed. */
function expectOutcomes({ Deleted = [], Errors = [] }: DeleteObjectsCommandOutput): void {
	if (Deleted.length + Errors.length === 0)
		throw new UnexpectedAnswerError("the response does not say what was deleted");
}

/** If none of a thousand is permitted, there is no need to ask a thousand times more. */
function denied({ Key = "", Code = "", Message = "" }: ErrorOfKey, bucket: string): unknown {
	const cause = Object.assign(new Error(Message), {
		name: Code,
		$fault: "client",
		$metadata: { httpStatusCode: 403 },
	});
	return toStorageError(cause, "DeleteObjects", { bucket, key: Key });
}

function nameOf(key: string | undefined, versionId: string | undefined): string {
	return JSON.stringify([key, versionId]);
}

async function deleteOne(
	connection: Connection,
	bucket: string,
	object: ObjectToDelete,
	{ signal, retryTimeMs = READ_TIME_MS, onRetry }: RequestOptions,
): Promise<DeleteFailure | undefined> {
	const { key, versionId } = object;
	const command = new DeleteObjectCommand({
		Bucket: bucket,
		Key: key,
		...(versionId === undefined ? {} : { VersionId: versionId }),
	});
	try {
		await send(connection, command, { signal, retryTimeMs, onRetry });
		return undefined;
	} catch (error) {
		signal?.throwIfAborted();
		if (isNotFound(error) && factsOf(error).serverCode !== "NoSuchBucket") return undefined;
		return { ...object, error };
	}
}
