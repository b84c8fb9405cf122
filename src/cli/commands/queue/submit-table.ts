import { MiB } from "../../../bytes/units.ts";
import { allowedOf, defaultOf } from "../../../options/field.ts";
import { PLAN_SHARDS_SCHEMA } from "../../../shards/plan/options.ts";
import { ARCHIVE_OPTIONS } from "../../options/archive-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { table } from "../../options/option.ts";
import { RUN_OPTIONS } from "../../options/output-options.ts";
import { PUT_OPTIONS } from "../../options/put-options.ts";
import { SUBMIT_OPTIONS } from "../../options/queue/queue-options.ts";
import { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";

/** Without what would hold names or change their order, and what workers decide. */
const {
	"files-from": _files,
	"files-from0": _files0,
	"allow-empty": _allowEmpty,
	"portable-names": _portableNames,
	hash: _hash,
	strict: _strict,
	...ARCHIVE
} = ARCHIVE_OPTIONS;

const {
	"expected-size": _expectedSize,
	resume: _resume,
	concurrency: _concurrency,
	bwlimit: _bwlimit,
	transport: _transport,
	verify: _verify,
	...PUT
} = PUT_OPTIONS;

const {
	"read-ahead": _readAhead,
	"read-ahead-size": _readAheadSize,
	"skip-missing": _missing,
	...REMOTE
} = REMOTE_OPTIONS;

const { "dry-run": _dryRun, verbose: _verbose, ...RUN } = RUN_OPTIONS;

/** How an archive is divided among workers. */
const PLANNING = table({
	workers: {
		group: "Shards",
		kind: "number",
		sets: "workers",
		allowed: allowedOf(PLAN_SHARDS_SCHEMA.fields.workers),
		default: defaultOf(PLAN_SHARDS_SCHEMA, "workers"),
		describe: "Workers that are to share the work; several shards are planned for each",
	},
	"max-entries": {
		group: "Shards",
		kind: "number",
		sets: "maxEntries",
		allowed: allowedOf(PLAN_SHARDS_SCHEMA.fields.maxEntries),
		describe: "Entries of a shard at most; default: 100,000",
	},
	"max-bytes": {
		group: "Shards",
		kind: "size",
		sets: "maxBytes",
		leastPlain: MiB,
		describe: "Size of the files of a shard at most, but for a single file that is larger; default: 16G",
	},
});

/** Everything that can be said of an archive that is put into a queue. */
export const SUBMIT_TABLE = table({
	...SUBMIT_OPTIONS,
	...PLANNING,
	...ARCHIVE,
	...REMOTE,
	...RUN,
	...CONNECT_OPTIONS,
	...PUT,
});
