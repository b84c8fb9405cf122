import { underAnySignal } from "../async/any-signal.ts";
import type { ObjectAddress } from "../s3/address.ts";
import type { Connection } from "../s3/connection.ts";
import { findOlderUploads, type OlderUpload } from "../storage/incomplete/older-uploads.ts";
import { type ProbeOptions, probeBucket } from "../storage/put/probe-bucket.ts";

/**
 * Finds out whether the storage has the bucket, and meanwhile looks for uploads that earlier runs have left: with
 * a distant storage each of the two takes longer than a small archive.
 *
 * @returns these uploads
 * @throws as {@link probeBucket} does.
 */
export async function reachStorage(
	connection: Connection,
	address: ObjectAddress,
	options: ProbeOptions,
): Promise<readonly OlderUpload[]> {
	const { signal } = options;
	const stopping = new AbortController();
	const looking = underAnySignal([signal, stopping.signal], (either) =>
		findOlderUploads(connection, address, either),
	);
	let wasThere = true;
	try {
		await probeBucket(connection, address, {
			...options,
			onRetry(...retry) {
				wasThere = false;
				options.onRetry(...retry);
			},
		});
	} catch (error) {
		stopping.abort();
		await looking;
		throw error;
	}
	const older = await looking;
	// A look that has met no storage has seen nothing.
	return wasThere ? older : findOlderUploads(connection, address, signal);
}
