import { withoutChecksums } from "../s3/client/without-checksums.ts";
import type { Connection } from "../s3/connection.ts";
import { providerByName } from "../s3/providers.ts";
import type { Manifest } from "./manifest.ts";

/**
 * The connection that the parts of an archive are sent through, its upload is begun and completed. AWS takes part numbers with gaps
 * only if the upload has no checksums.
 *
 * @param plan - With the provider as it was planned for, which counts then: whatever a worker takes the storage for, its parts go with the
 * hashes that the upload was created for.
 */
export function shardConnection(
	connection: Connection,
	{ exact, provider }: Pick<Manifest, "exact"> & Partial<Pick<Manifest, "provider">>,
): Connection {
	const planned = provider === undefined ? connection : { ...connection, provider: providerByName(provider) };
	const hasGaps = !exact && planned.provider.partGaps === "refused-with-checksums";
	return hasGaps ? withoutChecksums(planned) : planned;
}
