import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { loadConfig, NODE_REGION_CONFIG_FILE_OPTIONS, NODE_REGION_CONFIG_OPTIONS } from "@smithy/core/config";
import { anySignal } from "../any-signal.ts";
import { checkTime } from "../check-range.ts";
import { InvalidOptionError, StorageError } from "../errors.ts";
import { untilAborted } from "../until-aborted.ts";
import { makeAgents } from "./agents.ts";
import { collectDocument } from "./answers.ts";
import { boundRequests } from "./bounded-requests.ts";
import {
	type Provider,
	type ProviderName,
	providerByEndpoint,
	providerByName,
	providerEndpoint,
} from "./providers.ts";

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

const CONNECT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 60_000;
const LONGEST_TIMEOUT_MS = 3_600_000;
/** Time enough for a person to type a code, which some credential processes ask for. */
const CREDENTIALS_TIME_MS = 120_000;
/** Complete may take minutes on a large object. */
const PATIENT_FACTOR = 10;
/** AWS sends white space while it puts parts together, for minutes; what never stops sending ends here. */
const LONGEST_ANSWER_MS = 15 * 60_000;
/** Of the time for silence, how long the head of an answer may take that is not silent. */
const HEAD_FACTOR = 2;

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
	const { profile, connectTimeoutMs = CONNECT_TIMEOUT_MS, readTimeoutMs = READ_TIMEOUT_MS } = options;
	// 0 would be no limit at all.
	checkTime("connectTimeoutMs", connectTimeoutMs, 1, LONGEST_TIMEOUT_MS);
	checkTime("readTimeoutMs", readTimeoutMs, 1, LONGEST_TIMEOUT_MS);
	const named = options.provider === undefined ? undefined : providerByName(options.provider);
	const configured = options.endpoint ?? (await configuredEndpoint(profile));
	const region = options.region ?? (await configuredRegion(profile));
	const endpoint = configured ?? (named && providerEndpoint(named, region, options.account));
	checkEndpoint(endpoint);
	const recognised = providerByEndpoint(endpoint);
	const provider = named ?? recognised.provider;
	const signingRegion = region ?? recognised.region ?? provider.defaultRegion;
	if (signingRegion === undefined) {
		throw new InvalidOptionError(
			`no region is set for provider ${provider.name}: use --region or AWS_REGION, for instance eu-central-1`,
		);
	}
	const agents = makeAgents({
		maxSockets: concurrency + 2,
		handshakeTimeoutMs: connectTimeoutMs,
		authorities: options.caFile === undefined ? undefined : await readAuthorities(options.caFile),
	});
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
	};
	const clientWith = (socketTimeout: number, longestAnswerMs: number): S3Client => {
		const requestHandler = { connectionTimeout: connectTimeoutMs, socketTimeout, ...agents };
		const streamCollector = (body: AsyncIterable<Uint8Array>) => collectDocument(body, longestAnswerMs);
		const client = new S3Client({ ...config, requestHandler, streamCollector });
		const limitMs = connectTimeoutMs + HEAD_FACTOR * socketTimeout;
		client.config.requestHandler = boundRequests(client.config.requestHandler, limitMs);
		if (!isPlainHttp(endpoint)) leavePayloadUnsigned(client);
		return client;
	};
	return {
		client: clientWith(readTimeoutMs, readTimeoutMs),
		patient: clientWith(readTimeoutMs * PATIENT_FACTOR, LONGEST_ANSWER_MS),
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
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new InvalidOptionError(`cannot read the certificates in ${file}: ${reason}`, { cause });
	});
	// TLS would pass over it, and then distrust the server.
	if (!authorities.includes("-----BEGIN CERTIFICATE-----"))
		throw new InvalidOptionError(`there is no certificate in ${file}; it has to be PEM`);
	const { rootCertificates } = await import("node:tls"); // takes time to put together
	return [...rootCertificates, authorities];
}

/** A connection through a client of the caller's, who keeps it. */
export async function connectionOf(
	client: S3Client,
	provider: ProviderName | undefined,
): Promise<Connection> {
	const custom = await client.config.endpoint?.();
	const endpoint = custom === undefined ? undefined : `${custom.protocol}//${custom.hostname}`;
	const row = provider === undefined ? providerByEndpoint(endpoint).provider : providerByName(provider);
	return { client, patient: client, provider: row, endpoint, close() {} };
}

/** Whether data leaves the machine unencrypted. */
export function isPlainHttp(endpoint: string | undefined): boolean {
	if (endpoint === undefined) return false;
	const { protocol, hostname } = new URL(endpoint);
	return protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/**
 * Makes sure that there are credentials, before any source is read.
 *
 * @throws {StorageError} `NO_CREDENTIALS`
 */
export async function checkCredentials(client: S3Client, signal: AbortSignal | undefined): Promise<void> {
	const tooLong = new StorageError(
		"NO_CREDENTIALS",
		"whoever gives out the credentials, a process or a service, has not answered for two minutes",
	);
	const limit = AbortSignal.timeout(CREDENTIALS_TIME_MS);
	const stop = anySignal(signal, limit);
	try {
		await untilAborted(client.config.credentials(), stop);
	} catch (cause) {
		signal?.throwIfAborted();
		if (limit.aborted) throw tooLong;
		throw new StorageError("NO_CREDENTIALS", whyNoCredentials(cause), { cause });
	}
}

/** In the words of whoever was asked for them; nobody having any is told with what to do about it. */
function whyNoCredentials(cause: unknown): string {
	const reason = cause instanceof Error ? cause.message : String(cause);
	if (/ from any providers$/.test(reason))
		return "no credentials found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile or AWS_PROFILE (looked in the environment, the shared AWS files, SSO, process, web identity, container and instance metadata)";
	// From a client of the caller's; it would go on with the line of the command, which may have a secret in it.
	if (reason.startsWith("Command failed"))
		return "no credentials: the credential_process of the profile failed";
	return `no credentials: ${reason}`;
}

/** The same sources, in the same order, as the AWS command line. */
async function configuredEndpoint(profile: string | undefined): Promise<string | undefined> {
	if (process.env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] === "true") return undefined;
	return loadConfig<string | undefined>(
		{
			environmentVariableSelector: (env) =>
				env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || undefined,
			configFileSelector: (section, files) => {
				const services = section["services"];
				const ofS3 =
					services === undefined ? undefined : files?.[`services.${services}`]?.["s3.endpoint_url"];
				return ofS3 || section["endpoint_url"] || undefined;
			},
			default: undefined,
		},
		profile === undefined ? {} : { profile },
	)();
}

async function configuredRegion(profile: string | undefined): Promise<string | undefined> {
	const fromEnvironment = process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"];
	if (fromEnvironment) return fromEnvironment;
	try {
		const options = { ...NODE_REGION_CONFIG_FILE_OPTIONS, ...(profile === undefined ? {} : { profile }) };
		return (await loadConfig(NODE_REGION_CONFIG_OPTIONS, options)()) || undefined;
	} catch {
		return undefined; // said in full where it turns out to be needed
	}
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

/**
 * Each part has a checksum in a header, which the signature covers. A second hash of the same bytes for the
 * signature itself is waste, except where anybody on the way could change both.
 */
function leavePayloadUnsigned(client: S3Client): void {
	client.middlewareStack.add(
		(next, context) => (args) => {
			const { request } = args;
			const carriesData =
				context.commandName === "UploadPartCommand" || context.commandName === "PutObjectCommand";
			if (carriesData && typeof request === "object" && request !== null && "headers" in request) {
				(request.headers as Record<string, string>)["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD";
			}
			return next(args);
		},
		{ step: "build", name: "zipferryUnsignedPayload" },
	);
}
