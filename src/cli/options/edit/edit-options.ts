import { ARCHIVE_OPTIONS } from "../archive-options.ts";
import { BASE_OPTIONS } from "../base/base-options.ts";
import { COMMAND_OPTIONS } from "../command-options.ts";
import { CONNECT_OPTIONS } from "../connect-options.ts";
import { table } from "../option.ts";
import { RUN_OPTIONS } from "../output-options.ts";
import { PUT_OPTIONS } from "../put-options.ts";
import { REMOTE_OPTIONS } from "../sources/remote-options.ts";

const { "part-size": partSize, "expected-size": expectedSize, concurrency, bwlimit } = PUT_OPTIONS;
const {
	"content-disposition": disposition,
	"cache-control": cacheControl,
	metadata,
	tags,
	acl,
	sse,
} = PUT_OPTIONS;
const { json, quiet, debug, verbose } = RUN_OPTIONS;

/** Options of every command that changes an archive in a bucket. */
const EDIT_OPTIONS = table({
	"dry-run": {
		group: "Output",
		kind: "flag",
		sets: "dryRun",
		describe: "Show what the archive would be, and what would be copied and sent; change nothing",
	},
	json,
	quiet,
	"no-progress": RUN_OPTIONS["no-progress"],
	debug,
	comment: {
		group: "Archive",
		kind: "text",
		sets: "comment",
		describe: "Comment of the archive; default: that of the archive it replaces",
	},
	...CONNECT_OPTIONS,
	"part-size": partSize,
	concurrency,
	bwlimit,
	"verify-sample": { ...BASE_OPTIONS["verify-sample"], group: "Storage" },
	"content-type": {
		group: "Object",
		kind: "text",
		sets: "contentType",
		describe: "Media type; default, as for all of these: that of the archive it replaces",
	},
	"content-disposition": disposition,
	"cache-control": cacheControl,
	metadata,
	tags,
	"storage-class": PUT_OPTIONS["storage-class"],
	acl,
	sse,
	"sse-kms-key-id": PUT_OPTIONS["sse-kms-key-id"],
});

const { hash: _, method, ...SOURCES } = ARCHIVE_OPTIONS;

export const APPEND_OPTIONS = table({
	replace: {
		group: "Archive",
		kind: "flag",
		sets: "replace",
		describe: "Replace entries of the same name, instead of failing",
	},
	...SOURCES,
	...REMOTE_OPTIONS,
	...COMMAND_OPTIONS,
	...EDIT_OPTIONS,
	verbose,
	"expected-size": expectedSize,
	"allow-empty": {
		group: "Sources",
		kind: "flag",
		sets: "allowEmpty",
		describe: "Leave the archive as it is if there is nothing to add, instead of failing",
	},
	method: {
		group: "Archive",
		kind: "choice",
		sets: "method",
		choices: method.choices,
		describe: `${method.describe}; default: as the archive was made`,
	},
});

export const MERGE_OPTIONS = table({
	replace: {
		group: "Archive",
		kind: "flag",
		sets: "replace",
		describe:
			"Take the entry of the last archive where several have one of the same name, instead of failing",
	},
	...EDIT_OPTIONS,
	"no-clobber": {
		group: "Storage",
		kind: "flag",
		sets: "noClobber",
		describe: "Fail with exit code 9 if the target exists, unless it is one of the archives",
	},
});

export const REMOVE_OPTIONS = table({
	...EDIT_OPTIONS,
	"allow-empty": {
		group: "Archive",
		kind: "flag",
		sets: "allowEmpty",
		describe: "Leave an archive without entries if all match, instead of failing",
	},
});
