import { GetObjectTaggingCommand } from "@aws-sdk/client-s3";
import { StorageError } from "../../errors.ts";
import type { ObjectAddress } from "../address.ts";
import type { Connection } from "../connection.ts";
import { factsOf } from "../errors/refusals.ts";
import { send } from "../send.ts";
import type { HeadOptions } from "./head-object.ts";
import { READ_TIME_MS } from "./request-options.ts";

/**
 * Asks for the tags of an object.
 *
 * @returns `undefined` if the storage does not tell: it has none, or does not let these credentials read them.
 * @throws {StorageError} if it cannot be reached.
 */
export async function readObjectTags(
	connection: Connection,
	{ bucket, key }: ObjectAddress,
	{ versionId, signal, retryTimeMs = READ_TIME_MS, onRetry }: HeadOptions = {},
): Promise<Readonly<Record<string, string>> | undefined> {
	const command = new GetObjectTaggingCommand({
		Bucket: bucket,
		Key: key,
		...(versionId === undefined ? {} : { VersionId: versionId }),
	});
	try {
		const { TagSet = [] } = await send(connection, command, { signal, retryTimeMs, onRetry });
		return Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
	} catch (error) {
		signal?.throwIfAborted();
		const { status } = factsOf(error);
		const isRefusal = status !== undefined && (status < 500 || status === 501);
		if (error instanceof StorageError && isRefusal) return undefined;
		throw error;
	}
}
