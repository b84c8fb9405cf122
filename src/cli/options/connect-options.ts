import { defaultOf } from "../../options/field.ts";
import { PROVIDER_NAMES } from "../../s3/providers.ts";
import { UPLOAD_SCHEMA } from "../../upload/options.ts";
import { table } from "./option.ts";

/** Options of every command that talks to a storage. */
export const CONNECT_OPTIONS = table({
	"endpoint-url": {
		group: "Storage",
		kind: "text",
		sets: "endpoint",
		describe: "URL of the storage; default: AWS_ENDPOINT_URL_S3, then AWS",
	},
	region: { group: "Storage", kind: "text", sets: "region", describe: "Region; default: AWS_REGION" },
	profile: {
		group: "Storage",
		kind: "text",
		sets: "profile",
		describe: "Profile in the shared AWS files; default: AWS_PROFILE",
	},
	provider: {
		group: "Storage",
		kind: "choice",
		sets: "provider",
		choices: PROVIDER_NAMES,
		describe: "Kind of storage; default: recognised by its endpoint",
	},
	account: {
		group: "Storage",
		kind: "text",
		sets: "account",
		needs: { option: "provider", values: ["r2"] },
		describe: "Account id, for the endpoint of R2",
	},
	"path-style": {
		group: "Storage",
		kind: "flag",
		sets: "pathStyle",
		describe: "Put the bucket into the path of requests; --no-path-style: into the host name",
	},
	"connect-timeout": {
		group: "Storage",
		kind: "duration",
		sets: "connectTimeoutMs",
		default: defaultOf(UPLOAD_SCHEMA, "connectTimeoutMs"),
		describe: "How long it may take to connect",
	},
	"read-timeout": {
		group: "Storage",
		kind: "duration",
		sets: "readTimeoutMs",
		default: defaultOf(UPLOAD_SCHEMA, "readTimeoutMs"),
		describe: "How long a connection may be silent before the request is retried",
	},
	"retry-time": {
		group: "Storage",
		kind: "duration",
		sets: "retryTimeMs",
		describe:
			"How long to retry a request that fails for a temporary reason, such as 30s or 1h; default: 30s for the first request, then 10m to upload, 1m to list, 3s in a check",
	},
	"ca-file": {
		group: "Storage",
		kind: "text",
		value: "FILE",
		sets: "caFile",
		describe:
			"PEM file with certificate authorities to trust besides the well-known ones; default: AWS_CA_BUNDLE",
	},
});
