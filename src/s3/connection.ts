import type { S3Client } from "@aws-sdk/client-s3";
import { checkFilled } from "../options/check-filled.ts";
import { checkTime } from "../options/check-range.ts";
import { makeAgents } from "./client/agents.ts";
import { readAuthorities } from "./client/authorities.ts";
import { findEndpoint } from "./client/endpoint.ts";
import { ownLimits } from "./client/limits.ts";
import { makeClient } from "./client/own-client.ts";
import { rememberProfile } from "./credentials.ts";
import type { Provider, ProviderName } from "./providers.ts";

/** How to reach a storage. What is not given comes from the `AWS_*` variables and profiles, as everywhere. */
export interface ConnectOptions {
	/** URL of the storage; by default `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, the profile's, then AWS itself. */
	readonly endpoint?: string | undefined;
	readonly region?: string | undefined;
	/** Profile of the shared AWS configuration files. */
	readonly profile?: string | undefined;
	/** By default recognised by the endpoint; an unknown one is treated with the most care. */
	readonly provider?: ProviderName | undefined;
	/** Bucket in the path instead of the host name; by default as the provider and the endpoint need it. */
	readonly pathStyle?: boolean | undefined;
	/** Account of providers that have it in their endpoint (R2). */
	readonly account?: string | undefined;
	/** File with certificates of authorities to trust besides the well-known ones, PEM. */
	readonly caFile?: string | undefined;
	/**
	 * Milliseconds for a connection to be made, and again for the handshake of TLS.
	 *
	 * @defaultValue 10 seconds
	 */
	readonly connectTimeoutMs?: number | undefined;
	/**
	 * Milliseconds without a byte in either direction after which a request is given up and repeated. So is one
	 * whose answer only drips in: its head may take about twice that, the rest that and a second for each KiB.
	 *
	 * @defaultValue 60 seconds; while the storage puts the parts together ten times as long
	 */
	readonly readTimeoutMs?: number | undefined;
}

export interface Connection {
	/** Repeats nothing by itself: see `send`. */
	readonly client: S3Client;
	/** Waits longer for an answer: Complete may take minutes on a large object. */
	readonly patient: S3Client;
	readonly provider: Provider;
	/** `undefined` for AWS. */
	readonly endpoint: string | undefined;
	/** Closes the connections. */
	close(): void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 60_000;
const LONGEST_TIMEOUT_MS = 3_600_000;

/**
 * Checks what can be checked by looking at the options alone.
 *
 * @returns its times, with their defaults
 * @throws {InvalidOptionError}
 */
export function checkConnectOptions(options: ConnectOptions): {
	readonly connectTimeoutMs: number;
	readonly readTimeoutMs: number;
} {
	const { connectTimeoutMs = CONNECT_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS } = options;
	checkFilled(options, ["endpoint", "region", "profile", "provider", "account", "caFile"]);
	// 0 would be no limit at all.
	checkTime("connectTimeoutMs", connectTimeoutMs, 1, LONGEST_TIMEOUT_MS);
	checkTime("readTimeoutMs", readTimeoutMs, 1, LONGEST_TIMEOUT_MS);
	return { connectTimeoutMs, readTimeoutMs };
}

/**
 * Makes clients with the settings that measured best and hold with every provider.
 *
 * @param concurrency - Parts under way at once.
 * @throws {InvalidOptionError} for an endpoint that is no URL, a missing region, or a time out of range.
 */
export async function connect(
	options: ConnectOptions,
	bucket: string,
	concurrency: number,
): Promise<Connection> {
	const { profile, caFile } = options;
	const { connectTimeoutMs, readTimeoutMs } = checkConnectOptions(options);
	await rememberProfile(profile);
	const where = await findEndpoint(options, bucket);
	const agents = makeAgents({
		maxSockets: concurrency + 2,
		handshakeTimeoutMs: connectTimeoutMs,
		authorities: caFile === undefined ? undefined : await readAuthorities(caFile),
	});
	const settings = { ...where, profile, agents, connectTimeoutMs };
	const limits = ownLimits(connectTimeoutMs, readTimeoutMs);
	return {
		client: makeClient(settings, limits.usual),
		patient: makeClient(settings, limits.patient),
		provider: where.provider,
		endpoint: where.endpoint,
		close() {
			agents.httpAgent.destroy();
			agents.httpsAgent.destroy();
		},
	};
}
