import { readFile } from "node:fs/promises";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { isIP } from "node:net";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { InvalidOptionError, messageOf } from "../errors.ts";
import { collectDocument } from "./answers.ts";
import { configuredEndpoint, configuredRegion } from "./configured.ts";
import { rememberCredentials, rememberProfile } from "./credentials.ts";
import type { ConnectSettings } from "./options.ts";
import { type Provider, providerByEndpoint, providerByName, providerEndpoint } from "./providers.ts";
import { leavePayloadUnsigned } from "./unsigned-payload.ts";

export interface Connection {
	/** Repeats nothing by itself: see `withRetries`. */
	readonly client: S3Client;
	/** Waits longer for an answer: Complete may take minutes on a large object. */
	readonly patient: S3Client;
	readonly provider: Provider;
	/** `undefined` for AWS. */
	readonly endpoint: string | undefined;
	/** Closes the connections. */
	close(): void;
}

/** Complete may take minutes on a large object. */
export const PATIENT_FACTOR = 10;

/** Regions and accounts become part of the host that requests are sent to. */
function checkHostLabel(
	what: "region" | "account",
	value: string | undefined,
	example: string,
	places: readonly string[],
): void {
	if (value === undefined || /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(value)) return;
	throw new InvalidOptionError(`the ${what} "${value.slice(0, 100)}" is no name like ${example}`, {
		advice: { kind: "check-option", option: what, places },
	});
}

/**
 * Makes clients with the settings that measured best and hold with every provider.
 *
 * @param concurrency - Parts under way at once.
 * @throws {InvalidOptionError} for an endpoint that is no URL, or a missing region.
 */
export async function connect(
	options: ConnectSettings,
	bucket: string,
	concurrency: number,
): Promise<Connection> {
	const { profile, connectTimeoutMs, readTimeoutMs } = options;
	const named = options.provider === undefined ? undefined : providerByName(options.provider);
	await rememberProfile(profile);
	const configured = options.endpoint ?? (await configuredEndpoint(profile));
	const region = options.region ?? (await configuredRegion(profile));
	checkHostLabel("region", region, "eu-central-1", ["AWS_REGION", "the profile"]);
	checkHostLabel("account", options.account, "4f2a9c", []);
	const endpoint = configured ?? (named && providerEndpoint(named, region, options.account));
	checkEndpoint(endpoint);
	const recognised = providerByEndpoint(endpoint);
	const provider = named ?? recognised.provider;
	const signingRegion = region ?? recognised.region ?? provider.defaultRegion;
	if (signingRegion === undefined) {
		throw new InvalidOptionError(`no region is set for provider ${provider.name}`, {
			advice: { kind: "set-option", option: "region", variable: "AWS_REGION", example: "eu-central-1" },
		});
	}
	const agentOptions = { keepAlive: true, maxSockets: concurrency + 2 };
	const authorities = options.caFile === undefined ? {} : { ca: await readAuthorities(options.caFile) };
	// Instances: with plain options the SDK makes a new agent, and new connections, per request.
	const agents = {
		httpAgent: new HttpAgent(agentOptions),
		httpsAgent: new HttpsAgent({ ...agentOptions, ...authorities }),
	};
	const config: S3ClientConfig = {
		region: signingRegion,
		forcePathStyle: options.pathStyle ?? needsPathStyle(provider, endpoint, bucket),
		...(endpoint === undefined ? {} : { endpoint }),
		...(profile === undefined ? {} : { profile }),
		maxAttempts: 1, // repeated by withRetries(), within a time instead of a number
		followRegionRedirects: true,
		// A part that waits for "100 Continue" opens a connection of its own, and some servers never answer it.
		expectContinueHeader: false,
		// Only AWS is known to check checksum headers; elsewhere they range from ignored to refused.
		requestChecksumCalculation: provider.checksums ? "WHEN_SUPPORTED" : "WHEN_REQUIRED",
		responseChecksumValidation: "WHEN_REQUIRED",
		streamCollector: (body: AsyncIterable<Uint8Array>) => collectDocument(body),
	};
	const clientWith = (socketTimeout: number): S3Client => {
		const requestHandler = { connectionTimeout: connectTimeoutMs, socketTimeout, ...agents };
		const client = new S3Client({ ...config, requestHandler });
		if (!isPlainHttp(endpoint)) leavePayloadUnsigned(client);
		rememberCredentials(client);
		return client;
	};
	return {
		client: clientWith(readTimeoutMs),
		patient: clientWith(readTimeoutMs * PATIENT_FACTOR),
		provider,
		endpoint,
		close() {
			agents.httpAgent.destroy();
			agents.httpsAgent.destroy();
		},
	};
}

/** The well-known authorities and the given ones: naming one must not distrust all others. */
async function readAuthorities(file: string): Promise<string[]> {
	const authorities = await readFile(file, "utf8").catch((cause: unknown) => {
		throw new InvalidOptionError(`cannot read the certificates in ${file}: ${messageOf(cause)}`, { cause });
	});
	// TLS would pass over it, and then distrust the server.
	if (!authorities.includes("-----BEGIN CERTIFICATE-----"))
		throw new InvalidOptionError(`there is no certificate in ${file}; it has to be PEM`);
	const { rootCertificates } = await import("node:tls"); // takes time to put together
	return [...rootCertificates, authorities];
}

/** Whether data leaves the machine unencrypted. */
export function isPlainHttp(endpoint: string | undefined): boolean {
	if (endpoint === undefined) return false;
	const { protocol, hostname } = new URL(endpoint);
	return protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function checkEndpoint(endpoint: string | undefined): void {
	if (endpoint === undefined) return;
	const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
	if (url === undefined || !/^https?:$/.test(url.protocol)) {
		const shown = endpoint.replace(/^.*@/s, "…@");
		throw new InvalidOptionError(`the endpoint "${shown}" is no URL like https://s3.example.com`);
	}
	if (url.username !== "" || url.password !== "")
		throw new InvalidOptionError(
			"the endpoint has credentials in it, which end up in logs; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead",
		);
}

/** Host names with a bucket in front exist only where there is DNS and a certificate for them. */
function needsPathStyle(provider: Provider, endpoint: string | undefined, bucket: string): boolean {
	if (provider.pathStyle || bucket.includes(".")) return true;
	if (endpoint === undefined) return false;
	const { hostname } = new URL(endpoint);
	return !hostname.includes(".") || isIP(hostname.replace(/^\[|\]$/g, "")) !== 0;
}
