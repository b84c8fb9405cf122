import { withoutChecksums } from "../s3/client/without-checksums.ts";
import type { Connection } from "../s3/connection.ts";
import type { Manifest } from "./manifest.ts";

/**
 * The connection that the parts of an archive are sent through, its upload is begun and completed. AWS takes part numbers with gaps
 * only if the upload has no checksums.
 */
export function shardConnection(connection: Connection, { exact }: Pick<Manifest, "exact">): Connection {
	const hasGaps = !exact && connection.provider.partGaps === "refused-with-checksums";
	return hasGaps ? withoutChecksums(connection) : connection;
}
