import type { InferredOptionTypes, Options } from "yargs";
import { defaultOf } from "../../options/field.ts";
import type { ConnectOptions } from "../../s3/options.ts";
import { PROVIDER_NAMES } from "../../s3/providers.ts";
import { UPLOAD_SCHEMA } from "../../upload/options.ts";
import { formatDuration, parseDuration } from "./parse.ts";

/** Lets the literal types of a table survive while it is checked. */
export function table<const Table extends Record<string, Options>>(options: Table): Table {
	return options;
}

export const STORAGE = "Storage:";

/** What every command that talks to a storage takes. */
export const CONNECT_OPTIONS = table({
	"endpoint-url": {
		group: STORAGE,
		type: "string",
		requiresArg: true,
		describe: "URL of the storage; default AWS_ENDPOINT_URL_S3, then AWS",
	},
	region: { group: STORAGE, type: "string", requiresArg: true, describe: "Region; default AWS_REGION" },
	profile: { group: STORAGE, type: "string", requiresArg: true, describe: "Profile of the shared AWS files" },
	provider: {
		group: STORAGE,
		choices: PROVIDER_NAMES,
		requiresArg: true,
		describe: "Kind of storage; default: known by its endpoint",
	},
	account: {
		group: STORAGE,
		type: "string",
		requiresArg: true,
		describe: "Account id, for the endpoint of R2",
	},
	"path-style": {
		group: STORAGE,
		type: "boolean",
		describe: "Force the bucket into the path of requests, or out of it",
	},
	"connect-timeout": {
		group: STORAGE,
		type: "string",
		default: formatDuration(defaultOf(UPLOAD_SCHEMA, "connectTimeoutMs")),
		requiresArg: true,
		describe: "How long a connection may take to be made",
	},
	"read-timeout": {
		group: STORAGE,
		type: "string",
		default: formatDuration(defaultOf(UPLOAD_SCHEMA, "readTimeoutMs")),
		requiresArg: true,
		describe: "How long a connection may be silent before the request is repeated",
	},
	"ca-file": {
		group: STORAGE,
		type: "string",
		requiresArg: true,
		describe: "Certificates of authorities to trust besides the well-known ones, PEM",
	},
});

export type ConnectArguments = InferredOptionTypes<typeof CONNECT_OPTIONS>;

export function connectOptions(given: ConnectArguments): ConnectOptions {
	return {
		endpoint: given["endpoint-url"],
		region: given.region,
		profile: given.profile,
		provider: given.provider,
		account: given.account,
		pathStyle: given["path-style"],
		connectTimeoutMs: parseDuration("connect-timeout", given["connect-timeout"]),
		readTimeoutMs: parseDuration("read-timeout", given["read-timeout"]),
		caFile: given["ca-file"],
	};
}
