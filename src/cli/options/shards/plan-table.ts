import { ARCHIVE_OPTIONS } from "../archive-options.ts";
import { CONNECT_OPTIONS } from "../connect-options.ts";
import { table } from "../option.ts";
import { OUTPUT_OPTIONS } from "../output-options.ts";
import { PUT_OPTIONS } from "../put-options.ts";
import { PLAN_OPTIONS, SHARD_STORAGE_OPTIONS } from "./shards-options.ts";

/** Options of an archive that workers share: names are not changed, and nothing is listed that they cannot open. */
const {
	"files-from": _files,
	"files-from0": _files0,
	"allow-empty": _allowEmpty,
	"portable-names": _portableNames,
	hash: _hash,
	strict: _strict,
	...ARCHIVE
} = ARCHIVE_OPTIONS;

/** Options of the object, and those of its parts that a planner decides. */
const {
	"expected-size": _expectedSize,
	resume: _resume,
	concurrency: _concurrency,
	bwlimit: _bwlimit,
	transport: _transport,
	verify: _verify,
	...PUT
} = PUT_OPTIONS;

/** All options of a planner. */
export const PLAN_TABLE = table({
	...PLAN_OPTIONS,
	...ARCHIVE,
	...SHARD_STORAGE_OPTIONS,
	...OUTPUT_OPTIONS,
	...CONNECT_OPTIONS,
	...PUT,
});
