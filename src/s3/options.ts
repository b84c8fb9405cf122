import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import * as v from "valibot";
import {
	type Field,
	type Fields,
	type OptionSchema,
	optional,
	type Resolved,
	schemaOf,
	withDefault,
} from "../options/field.ts";
import { choice, flag, isObject, milliseconds, text } from "../options/kinds.ts";
import { rememberSecrets } from "../secrets/known-secrets.ts";
import { type Credentials, isIdentity } from "./client/given-credentials.ts";
import { PROVIDER_NAMES, type ProviderName } from "./providers.ts";

/**
 * How to reach a storage. The `AWS_*` variables and profiles provide what is not given. Requests go through the proxies
 * that `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY` name, except to the hosts in `NO_PROXY` and to this machine itself.
 */
export interface ConnectOptions {
	/** URL of the storage; by default `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, the profile's, then AWS itself. */
	readonly endpoint?: string | URL | undefined;
	/**
	 * Keys that requests are signed with, `{ accessKeyId, secretAccessKey, sessionToken }`, or a function that
	 * returns a promise of them, such as the providers of `@aws-sdk/credential-providers`. A function is called again
	 * when the `expiration` that it has given is near. By default the `AWS_*` variables, the shared AWS files, and
	 * what the machine has. No message repeats their secrets.
	 */
	readonly credentials?: S3ClientConfig["credentials"];
	/**
	 * Region that requests are signed for, such as `eu-central-1`; by default `AWS_REGION`, the profile's, the one
	 * in the endpoint, then the provider's.
	 */
	readonly region?: string | undefined;
	/** Profile of the shared AWS configuration files, which has to be there; by default `AWS_PROFILE`. */
	readonly profile?: string | undefined;
	/** Kind of storage; by default recognised by the endpoint. An unknown storage is treated with the most care. */
	readonly provider?: ProviderName | undefined;
	/** Puts the bucket into the path instead of the host name; by default as the provider and the endpoint need it. */
	readonly pathStyle?: boolean | undefined;
	/** Account id, for providers whose endpoint contains it (R2). */
	readonly account?: string | undefined;
	/**
	 * PEM file with certificate authorities to trust besides the well-known ones; by default `AWS_CA_BUNDLE`, then the
	 * profile's `ca_bundle`. Those of `NODE_EXTRA_CA_CERTS` are trusted as well.
	 */
	readonly caFile?: string | undefined;
	/**
	 * Milliseconds to connect, and again as many for the TLS handshake.
	 *
	 * @defaultValue 10 seconds
	 */
	readonly connectTimeoutMs?: number | undefined;
	/**
	 * Milliseconds without a byte in either direction after which a request is retried. A response that only drips in
	 * is retried as well: its head may take about twice as long, the rest as long and a second more for each KiB.
	 *
	 * @defaultValue 60 seconds; ten times as long while the storage puts the parts together
	 */
	readonly readTimeoutMs?: number | undefined;
}

/** How to reach a storage: by options, or through a client that exists already. */
export interface StorageOptions extends ConnectOptions {
	/**
	 * A client of your own from the SDK, which is neither changed nor closed. Retries, timeouts and checksums of the
	 * upload follow the rules of this library, whatever the settings of the client. Endpoint, region, credentials,
	 * HTTP agents and middleware are the client's, so `provider` and `readTimeoutMs` are the only options on how to
	 * connect that have an effect.
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
	endpoint: optional(endpoint()),
	credentials: optional(credentials()),
	region: optional(text("the name of a region, such as eu-central-1")),
	profile: optional(text("the name of a profile")),
	provider: optional(choice(PROVIDER_NAMES)),
	pathStyle: optional(flag()),
	account: optional(text("the id of an account")),
	caFile: optional(text("the path of a file with certificates")),
	connectTimeoutMs: withDefault(timeout(), 10_000),
	readTimeoutMs: withDefault(timeout(), 60_000),
};

export const STORAGE_FIELDS: Fields<StorageOptions, ConnectDefaults> = {
	...CONNECT_FIELDS,
	client: optional(client()),
};

export const STORAGE_SCHEMA: OptionSchema<StorageOptions, ConnectDefaults> = schemaOf<
	StorageOptions,
	ConnectDefaults
>()(STORAGE_FIELDS);

/** An option that says how to reach another storage than the one that the other options are about. */
export function storageOptions(): Field<StorageOptions> {
	const fields: Fields<StorageOptions> = {
		...STORAGE_FIELDS,
		// The defaults are filled in where a connection is opened.
		connectTimeoutMs: optional(timeout()),
		readTimeoutMs: optional(timeout()),
	};
	return v.strictObject(fields as v.ObjectEntries, "an object with options on how to connect");
}

/** What settings say on how to reach a storage, without all else. */
export function storageOf(settings: StorageSettings): StorageSettings {
	const names = Object.keys(STORAGE_FIELDS) as (keyof StorageSettings)[]; // its fields
	return Object.fromEntries(names.map((name) => [name, settings[name]])) as unknown as StorageSettings;
}

function timeout(): Field<number> {
	return milliseconds(1, LONGEST_TIMEOUT_MS); // 0 would be no limit at all
}

function endpoint(): Field<string | URL> {
	const allowed = "a URL such as https://s3.example.com";
	return v.union([text(allowed), v.instance(URL, allowed)], allowed);
}

function credentials(): Field<Credentials> {
	return v.custom<Credentials>((value) => {
		// Text in this place is one of the keys, or both: it must not be in the message that refuses it.
		if (typeof value === "string") rememberSecrets(value);
		return typeof value === "function" || isIdentity(value);
	}, "{ accessKeyId, secretAccessKey } (with a Date as expiration, if any), or a function that returns a promise of them");
}

function client(): Field<S3Client> {
	return v.custom<S3Client>(
		(value) => isObject(value) && typeof value["send"] === "function" && isObject(value["config"]),
		"a client of @aws-sdk/client-s3",
	);
}

/** How long a request is retried. */
export function retryTime(): Field<number> {
	return milliseconds(0, 7 * 86_400_000);
}
