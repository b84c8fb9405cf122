import type { S3Client } from "@aws-sdk/client-s3";
import type { RequestEvent } from "../events.ts";
import { makeAgents } from "./client/agents.ts";
import { findAuthorities } from "./client/authorities.ts";
import { findEndpoint, targetOf } from "./client/endpoint.ts";
import { givenCredentials } from "./client/given-credentials.ts";
import { ownLimits } from "./client/limits.ts";
import { makeClient } from "./client/own-client.ts";
import { checkProfile } from "./client/profiles.ts";
import { loadProxies } from "./client/proxies/load-proxies.ts";
import { rememberProfile } from "./credentials.ts";
import type { ConnectSettings } from "./options.ts";
import type { Provider } from "./providers.ts";

export interface Connection {
	/** Retries nothing itself: see `send`. */
	readonly client: S3Client;
	/** Waits longer for an answer: Complete may take minutes on a large object. */
	readonly patient: S3Client;
	readonly provider: Provider;
	/** `undefined` for AWS. */
	readonly endpoint: string | undefined;
	/** The proxy that requests go through, without user and password. */
	readonly proxy?: string | undefined;
	/** Told of each attempt of a request that has ended. */
	readonly onRequest?: ((event: RequestEvent) => void) | undefined;
	/** Closes the connections. */
	close(): void;
}

/**
 * Makes clients with the settings that measured best and hold with every provider.
 *
 * @param concurrency - Parts under way at once.
 * @throws {InvalidOptionError} for an endpoint that is no URL, a missing region, or a profile that does not exist.
 */
export async function connect(
	options: ConnectSettings,
	bucket: string,
	concurrency: number,
): Promise<Connection> {
	const { profile, caFile, connectTimeoutMs, readTimeoutMs } = options;
	const credentials = options.credentials && givenCredentials(options.credentials);
	await checkProfile(profile);
	await rememberProfile(profile);
	const where = await findEndpoint(options, bucket);
	const proxies = await loadProxies(process.env);
	const agents = makeAgents({
		maxSockets: concurrency + 2,
		handshakeTimeoutMs: connectTimeoutMs,
		authorities: await findAuthorities(caFile, profile),
		proxies,
	});
	const settings = { ...where, profile, credentials, agents, proxies, connectTimeoutMs };
	const limits = ownLimits(connectTimeoutMs, readTimeoutMs);
	return {
		client: makeClient(settings, limits.usual),
		patient: makeClient(settings, limits.patient),
		provider: where.provider,
		endpoint: where.endpoint,
		proxy: proxies?.proxyFor(targetOf(where))?.shown,
		close() {
			agents.httpAgent.destroy();
			agents.httpsAgent.destroy();
		},
	};
}

/** A clock that is right to within this is right: S3 takes signatures that are 15 minutes off. */
const WRONG_CLOCK_MS = 240_000;

/**
 * A time of this machine, and no later one than the storage's clock shows, as far as its answers have told. A clock
 * that is ahead makes everything look old.
 */
export function notAhead({ client, patient }: Pick<Connection, "client" | "patient">, now: Date): Date {
	// What the SDK corrects signatures by. It is rarely 0, as answers tell whole seconds, some time after they were asked for.
	const offsetMs = Math.min(client.config.systemClockOffset, patient.config.systemClockOffset);
	return offsetMs <= -WRONG_CLOCK_MS ? new Date(Math.min(now.getTime(), Date.now() + offsetMs)) : now;
}
