import type { S3Client } from "@aws-sdk/client-s3";
import type { Connection } from "../connection.ts";

/**
 * The same connection to a storage whose checksums are not used: an upload that is begun so has none, and is proven by MD5 and ETag
 * as with storages that keep none. Connections and credentials are shared; closing one closes both.
 */
export function withoutChecksums(connection: Connection): Connection {
	const { client, patient, provider } = connection;
	if (!provider.checksums) return connection;
	const [own, ownPatient] = [client, patient].map(viewOf) as [S3Client, S3Client]; // one for each
	return { ...connection, client: own, patient: ownPatient, provider: { ...provider, checksums: false } };
}

/** The client without the checksums that the SDK adds by itself. */
function viewOf(client: S3Client): S3Client {
	const config = { ...client.config, requestChecksumCalculation: async () => "WHEN_REQUIRED" as const };
	return Object.create(client, { config: { value: config } });
}
