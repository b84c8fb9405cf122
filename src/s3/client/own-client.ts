import { S3Client } from "@aws-sdk/client-s3";
import { rememberCredentials } from "../credentials.ts";
import { isPlainHttp } from "../plain-http.ts";
import type { Agents } from "./agents.ts";
import type { StorageEndpoint } from "./endpoint.ts";
import type { Credentials } from "./given-credentials.ts";
import type { OwnLimits } from "./limits.ts";
import { sortOnce } from "./middleware/sort-once.ts";
import { leavePayloadUnsigned } from "./middleware/unsigned-payload.ts";
import type { Proxies } from "./proxies/load-proxies.ts";
import { watchRequests } from "./watch-requests.ts";

export interface OwnClientSettings extends StorageEndpoint {
	readonly profile: string | undefined;
	/** By default those of the environment, the profile and the machine. */
	readonly credentials: Credentials | undefined;
	readonly agents: Agents;
	readonly proxies: Proxies | undefined;
	readonly connectTimeoutMs: number;
}

/** The SDK has no say: what it would print belongs neither into a cron mail nor between the lines of others. */
const SILENT = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/** Makes a client with the settings that measured best and hold with every provider. */
export function makeClient(settings: OwnClientSettings, { silenceMs, ...limits }: OwnLimits): S3Client {
	const { provider, endpoint, signingRegion, pathStyle, profile, credentials } = settings;
	const { agents, proxies, connectTimeoutMs } = settings;
	// Its notice about the end of a Node is for those who choose that Node, who are told by many others.
	process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
	const client = new S3Client({
		logger: SILENT,
		region: signingRegion,
		forcePathStyle: pathStyle,
		...(endpoint === undefined ? {} : { endpoint }),
		...(profile === undefined ? {} : { profile }),
		...(credentials === undefined ? {} : { credentials }),
		maxAttempts: 1, // repeated by withRetries(), within a time instead of a number
		followRegionRedirects: true,
		// A part that waits for "100 Continue" opens a connection of its own, and some servers never answer it.
		expectContinueHeader: false,
		// Only AWS is known to check checksum headers; elsewhere they range from ignored to refused.
		requestChecksumCalculation: provider.checksums ? "WHEN_SUPPORTED" : "WHEN_REQUIRED",
		responseChecksumValidation: "WHEN_REQUIRED",
		requestHandler: {
			// A tunnel has its own limit, and knows better what took its time.
			connectionTimeout: proxies === undefined ? connectTimeoutMs : 2 * connectTimeoutMs,
			socketTimeout: silenceMs,
			...agents,
		},
	});
	// It goes through each request and answer for a logger, also for one that says nothing.
	client.middlewareStack.remove("loggerMiddleware");
	const { requestHandler } = client.config;
	const handler = proxies?.through(requestHandler) ?? requestHandler;
	client.config.requestHandler = watchRequests(handler, { ...limits, mayQueue: false });
	if (!isPlainHttp(endpoint)) leavePayloadUnsigned(client);
	rememberCredentials(client);
	sortOnce(client.middlewareStack);
	return client;
}
