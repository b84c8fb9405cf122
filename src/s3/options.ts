import type { S3Client } from "@aws-sdk/client-s3";
import * as v from "valibot";
import { type Field, type Fields, optional, type Resolved, withDefault } from "../options/field.ts";
import { choice, flag, isObject, milliseconds, text } from "../options/kinds.ts";
import { PROVIDER_NAMES, type ProviderName } from "./providers.ts";

/** How to reach a storage. What is not given comes from the `AWS_*` variables and profiles, as everywhere. */
export interface ConnectOptions {
	/** URL of the storage; by default `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, the profile's, then AWS itself. */
	readonly endpoint?: string | undefined;
	/**
	 * Region that requests are signed for, such as `eu-central-1`; by default `AWS_REGION`, the profile's, what the
	 * endpoint tells, then the provider's.
	 */
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

/** How to reach a storage: by options, or through a client that is there already. */
export interface StorageOptions extends ConnectOptions {
	/**
	 * A client of your own, as it comes from the SDK; it is neither changed nor closed. Retries, timeouts and
	 * checksums of the upload follow the rules of this library whatever the client is set to. Endpoint, region,
	 * credentials, HTTP agents and middleware are the client's: of the options on how to connect, only
	 * `provider` and `readTimeoutMs` have an effect.
	 */
	readonly client?: S3Client | undefined;
}

export type ConnectDefaults = "connectTimeoutMs" | "readTimeoutMs";

/** {@link ConnectOptions} with their defaults. */
export type ConnectSettings = Resolved<ConnectOptions, ConnectDefaults>;
/** {@link StorageOptions} with their defaults. */
export type StorageSettings = Resolved<StorageOptions, ConnectDefaults>;

const LONGEST_TIMEOUT_MS = 3_600_000;

export const CONNECT_FIELDS: Fields<ConnectOptions, ConnectDefaults> = {
	endpoint: optional(text("a URL such as https://s3.example.com")),
	region: optional(text("the name of a region, such as eu-central-1")),
	profile: optional(text("the name of a profile")),
	provider: optional(choice(PROVIDER_NAMES)),
	pathStyle: optional(flag()),
	account: optional(text("the id of an account")),
	caFile: optional(text("the path of a file with certificates")),
	// 0 would be no limit at all.
	connectTimeoutMs: withDefault(milliseconds(1, LONGEST_TIMEOUT_MS), 10_000),
	readTimeoutMs: withDefault(milliseconds(1, LONGEST_TIMEOUT_MS), 60_000),
};

export const STORAGE_FIELDS: Fields<StorageOptions, ConnectDefaults> = {
	...CONNECT_FIELDS,
	client: optional(client()),
};

function client(): Field<S3Client> {
	return v.custom<S3Client>(
		(value) => isObject(value) && typeof value["send"] === "function" && isObject(value["config"]),
		"a client of @aws-sdk/client-s3",
	);
}
