import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import type { Provider } from "../../s3/providers.ts";
import { type CopySample, type ProbeOptions, probeCopying, supposeCopying } from "./probe-copying.ts";

/**
 * Why no ranges of objects can be parts with a provider, in words.
 *
 * @returns `undefined` if they can, and where that has to be tried.
 */
export function whyNoCopies({ name, copies, unequalParts }: Provider): string | undefined {
	if (copies === "no") return `provider ${name} copies no ranges of objects`;
	if (copies === "yes" && !unequalParts) return `provider ${name} takes parts of one size only`;
	return undefined;
}

/**
 * A connection by which ranges of objects become parts: the one that there is, or, where nobody knows whether the storage can do that, one
 * that takes it for sure after a trial beside the target.
 *
 * @param sample - The object to copy from. Of one that is no larger than the smallest part nothing can be copied, and nothing is tried.
 * @returns why it cannot be relied on, in words.
 * @throws as {@link probeCopying}
 */
export async function copyingConnection(
	connection: Connection,
	target: ObjectAddress,
	sample: CopySample,
	options: ProbeOptions,
): Promise<Connection | string> {
	const { provider } = connection;
	const reason = whyNoCopies(provider);
	if (reason !== undefined) return reason;
	if (provider.copies === "yes" || sample.size <= provider.limits.minPartSize) return connection;
	const failure = await probeCopying(connection, target, sample, options);
	return failure ?? supposeCopying(connection);
}
