import { defaultOf } from "../../../options/field.ts";
import { BASE_CHECKS, UPLOAD_SCHEMA } from "../../../upload/options.ts";
import { table } from "../option.ts";

const needs = { option: "base" } as const;

/** What of an archive is copied from an earlier one, and how that is decided and checked. */
export const BASE_OPTIONS = table({
	base: {
		group: "Base",
		kind: "text",
		value: "S3-URL",
		sets: "base",
		describe:
			"Have the storage copy what has not changed since this archive, which an earlier upload has made, and send only the rest; --verbose says what that is, and why",
	},
	"base-version": {
		group: "Base",
		kind: "text",
		value: "ID",
		sets: "baseVersionId",
		needs,
		describe: "Copy from this version of the base; default: the latest",
	},
	"base-check": {
		group: "Base",
		kind: "choice",
		sets: "baseCheck",
		choices: BASE_CHECKS,
		default: defaultOf(UPLOAD_SCHEMA, "baseCheck"),
		needs,
		describe: "Compare files with the base by size, mode and times, or read them and compare their content",
	},
	"ignore-ctime": {
		group: "Base",
		kind: "flag",
		sets: "ignoreCtime",
		needs,
		describe:
			"Copy files whose attributes have changed since the base was made (ctime), if size, mode and time are the same",
	},
	"join-runs": {
		group: "Base",
		kind: "flag",
		sets: "joinRuns",
		needs,
		describe:
			"Have the storage join what has not changed and is too short to be copied alone, in temporary objects that are deleted afterwards",
	},
	"verify-sample": {
		group: "Base",
		kind: "share",
		sets: "verifySample",
		default: defaultOf(UPLOAD_SCHEMA, "verifySample"),
		describe:
			"Read back this share of the entries that the storage copied, such as 5%, at least 16; see docs/rolling.md",
	},
});
