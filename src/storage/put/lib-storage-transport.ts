import { Readable } from "node:stream";
import {
	CompleteMultipartUploadCommand,
	CreateMultipartUploadCommand,
	PutObjectCommand,
	type S3Client,
	UploadPartCommand,
} from "@aws-sdk/client-s3";
import { OWN_CHUNKS } from "../../bytes/chunk-memory.ts";
import { archiveHash } from "../../bytes/hash/archive-hash.ts";
import { InvalidOptionError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import { guardBody } from "./guarded-body.ts";
import { settle } from "./settle/settle.ts";
import type { PutRequest, PutResult } from "./transport.ts";
import { UploadSession } from "./upload-session.ts";

/**
 * {@link Transport} on `Upload` of `@aws-sdk/lib-storage`, which cuts the stream into parts and asks for
 * them to be sent. What it does not do reliably is done here: it takes any end of the stream for success,
 * rejects a cancelled upload before its requests have ended, reports the failure of its own clean-up
 * instead of the cause, notices a refused part only when the stream moves on, and never looks at the result.
 */
export async function putWithLibStorage(connection: Connection, request: PutRequest): Promise<PutResult> {
	const { destination, parts, pace, body: source } = request;
	const { address } = destination;
	const session = new UploadSession(connection, request);
	const hash = source.hash === undefined ? undefined : archiveHash(source.hash);
	const watcher = {
		stop: session.stop,
		observe(chunk: Uint8Array) {
			session.observe(chunk);
			hash?.update(chunk);
		},
		admit() {
			throw new InvalidOptionError("the transport lib-storage cannot copy ranges of objects");
		},
	};
	// Loaded by those who ask for it.
	const { Upload } = await import("@aws-sdk/lib-storage");
	// It keeps the chunks of a part until that is sent.
	const body = Readable.from(guardBody(request, OWN_CHUNKS, watcher), { objectMode: false });
	const upload = new Upload({
		client: clientOf(session, connection.client),
		params: { Bucket: address.bucket, Key: address.key, Body: body },
		partSize: parts.partSizeOf(1), // all of one size: it knows no other way
		queueSize: pace.concurrency,
		leavePartsOnError: true, // removed by settle(), which waits for it
	});
	try {
		await upload.done();
	} catch (error) {
		session.fail(error); // no effect if something failed before
	}
	body.destroy();
	return { ...(await settle(connection, request, await session.end())), hash: hash?.digest() };
}

/** A client for the uploader, whose requests the session carries out in its own way. */
function clientOf(session: UploadSession, client: S3Client): S3Client {
	const watched: S3Client = Object.create(client);
	const send = async (command: unknown): Promise<unknown> => {
		if (command instanceof CreateMultipartUploadCommand) return { UploadId: await session.create() };
		if (command instanceof UploadPartCommand) {
			const { PartNumber = 1, Body } = command.input;
			const { part } = await session.sendPart(PartNumber, inMemory(Body));
			return { ETag: part.etag };
		}
		if (command instanceof PutObjectCommand)
			return { ETag: await session.putObject(inMemory(command.input.Body)) };
		if (command instanceof CompleteMultipartUploadCommand) {
			await session.complete();
			return {};
		}
		throw new TypeError("the uploader sent a request that nobody expected");
	};
	// The SDK's overloads cannot be implemented by name; the uploader only ever passes a command.
	watched.send = send as S3Client["send"];
	return watched;
}

function inMemory(body: unknown): Uint8Array {
	if (body instanceof Uint8Array) return body;
	throw new TypeError("a part is not in memory");
}
