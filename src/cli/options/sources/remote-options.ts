import { CREATE_ZIP_SCHEMA } from "../../../archive/options.ts";
import { MiB } from "../../../bytes/units.ts";
import { allowedOf, defaultOf } from "../../../options/field.ts";
import { PROVIDER_NAMES } from "../../../s3/providers.ts";
import { table } from "../option.ts";

const GROUP = "Remote sources";

/** Sources in buckets and on web servers, and where the buckets are, if not where the archive goes. */
export const REMOTE_OPTIONS = table({
	"read-ahead": {
		group: GROUP,
		kind: "number",
		sets: "readAhead",
		allowed: allowedOf(CREATE_ZIP_SCHEMA.fields.readAhead),
		default: defaultOf(CREATE_ZIP_SCHEMA, "readAhead"),
		describe: `Objects to request before their turn: ${allowedOf(CREATE_ZIP_SCHEMA.fields.readAhead)}`,
	},
	"read-ahead-size": {
		group: GROUP,
		kind: "size",
		sets: "readAheadSize",
		leastPlain: MiB,
		default: defaultOf(CREATE_ZIP_SCHEMA, "readAheadSize"),
		describe: "Hold at most this much of what was requested before its turn",
	},
	"skip-missing": {
		group: GROUP,
		kind: "flag",
		sets: "skipMissing",
		describe:
			"Leave out objects that are gone when their turn comes, and exit with code 3 instead of failing",
	},
	// Set as a whole by `sourceStorageOf`.
	"source-endpoint-url": {
		group: GROUP,
		kind: "text",
		describe:
			"URL of the storage of s3:// sources; if any of these is given, only they count, and the AWS_* variables; else sources are where the archive goes",
	},
	"source-region": { group: GROUP, kind: "text", describe: "Region of s3:// sources" },
	"source-profile": {
		group: GROUP,
		kind: "text",
		describe: "Profile in the shared AWS files for s3:// sources",
	},
	"source-provider": {
		group: GROUP,
		kind: "choice",
		choices: PROVIDER_NAMES,
		describe: "Kind of storage of s3:// sources; default: recognised by its endpoint",
	},
	"source-account": {
		group: GROUP,
		kind: "text",
		needs: { option: "source-provider", values: ["r2"] },
		describe: "Account id of s3:// sources, for the endpoint of R2",
	},
	"source-path-style": {
		group: GROUP,
		kind: "flag",
		describe:
			"Put the bucket of s3:// sources into the path of requests; --no-source-path-style: into the host name",
	},
	"source-ca-file": {
		group: GROUP,
		kind: "text",
		value: "FILE",
		describe: "PEM file with certificate authorities to trust for s3:// sources",
	},
});
