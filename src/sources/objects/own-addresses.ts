import type { Connection } from "../../s3/connection.ts";
import { openConnection } from "../../s3/open-connection.ts";
import { providerByEndpoint } from "../../s3/providers.ts";
import type { OwnObject } from "../own-object.ts";
import { originOf } from "./source-bucket.ts";

/**
 * The addresses that stand for the archive itself among those that a connection leads to: of another storage, the same bucket and key
 * are another object.
 */
export async function ownAddresses(
	own: OwnObject | undefined,
	bucket: string,
	connection: Connection,
): Promise<readonly string[]> {
	if (own === undefined || own.bucket !== bucket) return [];
	const target = await openConnection(own.storage, own.bucket, 1);
	target.close();
	return placeOf(target) === placeOf(connection) ? [originOf(own)] : [];
}

/** AWS has many endpoints, and each bucket once. */
function placeOf({ endpoint }: Connection): string {
	const isAws = endpoint === undefined || providerByEndpoint(endpoint).provider.name === "aws";
	return isAws ? "aws" : new URL(endpoint).href;
}
