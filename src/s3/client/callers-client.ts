import { HeadBucketCommand, type S3Client, type S3ClientResolvedConfig } from "@aws-sdk/client-s3";
import { getEndpointFromInstructions } from "@smithy/core/endpoints";
import { retryMiddlewareOptions } from "@smithy/core/retry";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import type { Connection } from "../connection.ts";
import type { ConnectSettings } from "../options.ts";
import { isPlainHttp } from "../plain-http.ts";
import { type Provider, providerByEndpoint, providerByName } from "../providers.ts";
import { type ClientLimits, callersLimits } from "./limits.ts";
import { sortOnce } from "./middleware/sort-once.ts";
import { leavePayloadUnsigned } from "./middleware/unsigned-payload.ts";
import { type RequestLimits, watchRequests } from "./watch-requests.ts";

/**
 * A connection through a client of the caller's, who keeps it and finds it as it was.
 *
 * @throws {InvalidOptionError} if the client does not know where to send requests.
 */
export async function connectionOf(
	client: S3Client,
	options: Pick<ConnectSettings, "provider" | "readTimeoutMs">,
	bucket: string,
): Promise<Connection> {
	const { readTimeoutMs } = options;
	const endpoint = await endpointOf(client, bucket);
	const provider =
		options.provider === undefined ? providerByEndpoint(endpoint).provider : providerByName(options.provider);
	const limits = callersLimits(readTimeoutMs);
	const viewWith = (its: ClientLimits): S3Client => {
		const view = viewOf(client, provider, { ...its, mayQueue: true });
		if (!isPlainHttp(endpoint)) leavePayloadUnsigned(view);
		return view;
	};
	return {
		client: viewWith(limits.usual),
		patient: viewWith(limits.patient),
		provider,
		endpoint,
		close() {},
	};
}

/**
 * The client, with our rules where its own would be in the way: settings and middleware are copies, all else
 * is the client itself, its connections and credentials among it.
 */
function viewOf(client: S3Client, { checksums }: Provider, limits: RequestLimits): S3Client {
	const config: S3ClientResolvedConfig = {
		...client.config,
		cacheMiddleware: false,
		// By default a CRC-32 goes with every upload, which storages other than AWS refuse at its end.
		requestChecksumCalculation: async () => (checksums ? "WHEN_SUPPORTED" : "WHEN_REQUIRED"),
		responseChecksumValidation: async () => "WHEN_REQUIRED",
		requestHandler: watchRequests(client.config.requestHandler, limits),
	};
	const middlewareStack = client.middlewareStack.clone();
	// withRetries() repeats, and nothing may hide what it repeats. Others stand relative to this one: it cannot just go.
	middlewareStack.add((next) => next, { ...retryMiddlewareOptions, name: "retryMiddleware", override: true });
	middlewareStack.remove("addExpectContinueMiddleware"); // some servers never answer it
	sortOnce(middlewareStack);
	return Object.create(client, { config: { value: config }, middlewareStack: { value: middlewareStack } });
}

/** The destination of requests, if not AWS; found as the SDK finds it before each request. */
async function endpointOf(client: S3Client, bucket: string): Promise<string | undefined> {
	const config: S3ClientResolvedConfig & { isCustomEndpoint?: boolean } = { ...client.config };
	try {
		await getEndpointFromInstructions({ Bucket: bucket }, HeadBucketCommand, config);
		if (config.endpoint === undefined) return undefined;
		const { protocol, hostname, port } = await config.endpoint();
		return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
	} catch (cause) {
		const reason = messageOf(cause);
		throw new InvalidOptionError(`the client does not know where to send requests: ${reason}`, { cause });
	}
}
