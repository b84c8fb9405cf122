import { Iteration } from "../../async/iteration.ts";
import { StorageError } from "../../errors.ts";
import type { UploadedParts } from "../../storage/incomplete/uploaded-parts.ts";
import { Bandwidth } from "../../storage/parts/bandwidth.ts";
import { PartBuffers } from "../../storage/parts/part-buffers.ts";
import { PartCutter } from "../../storage/parts/part-cutter.ts";
import { usualConcurrency } from "../../storage/parts/part-memory.ts";
import { type Settled, settle } from "../../storage/put/settle/settle.ts";
import type { SessionRequest } from "../../storage/put/transport.ts";
import { UploadSession } from "../../storage/put/upload-session.ts";
import { encodeArchiveComment } from "../../zip/format/archive-comment.ts";
import { readSlice, type StoredSlice } from "../helper-objects.ts";
import type { Manifest } from "../manifest.ts";
import { shardsRetryTime } from "../options.ts";
import type { PlanStorage } from "../plan-storage.ts";
import { shardConnection } from "../shard-connection.ts";
import { type ArchiveEnd, directoryBytes } from "./directory-bytes.ts";
import type { FinishShardsSettings } from "./options.ts";

/** The archive as it is in the storage. */
export interface CompletedArchive extends Settled, ArchiveEnd {}

/** All that an archive is put together from. */
export interface ShardsToComplete {
	readonly manifest: Manifest;
	/** Of all shards, in their order. */
	readonly slices: readonly StoredSlice[];
	/** What the upload holds: all parts that the slices name, and maybe some that an earlier finish has sent. */
	readonly uploaded: UploadedParts;
}

/** The bytes of a slice are not those that its worker has written; its first line is. */
export class DamagedSliceError extends StorageError {
	/** Of the shard. */
	readonly index: number;

	constructor(index: number, { message, facts }: StorageError) {
		super("INTEGRITY", message, facts);
		this.index = index;
	}
}

/**
 * Sends what stands behind the shards, makes an archive of all parts, and looks whether the storage holds what it has to. If anything
 * fails before it is complete, the upload is left as it is: what workers have sent is still good.
 *
 * @throws {DamagedSliceError} if a shard has to be made again.
 * @throws {StorageError}
 */
export async function completeArchive(
	{ connection: given, plan, requests, onEvent }: PlanStorage,
	{ manifest, slices, uploaded }: ShardsToComplete,
	settings: FinishShardsSettings,
): Promise<CompletedArchive> {
	const connection = shardConnection(given, manifest);
	const { bucket, key, uploadId } = plan;
	const { noClobber, tags } = manifest.object;
	const { bandwidthLimit, concurrency = usualConcurrency(manifest.partSize) } = settings;
	const request: SessionRequest = {
		destination: { address: { bucket, key }, object: { contentType: "application/zip", tags }, noClobber },
		pace: {
			concurrency,
			bandwidth: bandwidthLimit === undefined ? undefined : new Bandwidth(bandwidthLimit),
		},
		resume: {
			upload: { uploadId, parts: new Map(uploaded.parts.map((part) => [part.partNumber, part])) },
			keepParts: true,
			others: slices.flatMap(({ parts }) => parts),
		},
		retryTimeMs: shardsRetryTime(settings),
		signal: requests.signal,
		onEvent: (event) => {
			if (event.type === "retry") onEvent(event);
		},
	};
	const session = new UploadSession(connection, request);
	const reading = { ...requests, signal: session.stop };
	const bytes = new Iteration(
		directoryBytes(
			slices,
			(slice) => throughSlice(slice, readSlice(connection, plan, slice, reading)),
			encodeArchiveComment(manifest.archive.comment),
		),
	);
	try {
		const sent = await sendParts(session, bytes, manifest, concurrency);
		if (!connection.provider.completesSubset) refuseSurplus(request, sent);
		await session.complete();
	} catch (error) {
		session.fail(error); // no effect if something failed before
	}
	const outcome = await session.end();
	return { ...(await settle(connection, request, outcome)), ...bytes.result };
}

async function* throughSlice(
	{ index }: StoredSlice,
	chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
	try {
		yield* chunks;
	} catch (error) {
		if (error instanceof StorageError && error.code === "INTEGRITY")
			throw new DamagedSliceError(index, error);
		throw error;
	}
}

/** @returns numbers of the parts that were sent */
async function sendParts(
	session: UploadSession,
	bytes: AsyncIterable<Uint8Array>,
	{ directory, partSize }: Manifest,
	concurrency: number,
): Promise<ReadonlySet<number>> {
	const buffers = new PartBuffers(concurrency + 1);
	const cutter = new PartCutter({ take: () => buffers.take(partSize, session.stop), minSize: 0 });
	const sending: Promise<unknown>[] = [];
	const numbers = new Set<number>();
	try {
		for await (const part of cutter.cut(bytes)) {
			if ("source" in part) throw new TypeError("a central directory has no ranges of objects");
			const { buffer, size } = part;
			const partNumber = directory.firstPart + numbers.size;
			numbers.add(partNumber);
			const sent = session.sendPart(partNumber, buffer.subarray(0, size)).then(({ repeated }) => {
				// An abandoned connection may still look at the bytes.
				if (repeated) buffers.drop();
				else buffers.give(buffer);
			});
			buffers.ready();
			sent.catch((error: unknown) => session.fail(error)); // reported once all have ended
			sending.push(sent);
		}
		await Promise.all(sending);
		return numbers;
	} finally {
		await Promise.allSettled(sending);
	}
}

/** Some storages put all parts together that were sent, and so must not hold any that nobody names. */
function refuseSurplus(
	{ destination: { address }, resume }: SessionRequest,
	sent: ReadonlySet<number>,
): void {
	const named = new Set([...(resume.others ?? []).map(({ partNumber }) => partNumber), ...sent]);
	const surplus = [...(resume.upload?.parts.keys() ?? [])].filter((partNumber) => !named.has(partNumber));
	if (surplus.length === 0) return;
	const problem = `the upload of s3://${address.bucket}/${address.key} holds parts that belong to no shard (${surplus.slice(0, 10).join(", ")}), and this storage leaves out none; abort it, and plan it again`;
	throw new StorageError("STORAGE_REFUSED", problem, address);
}
