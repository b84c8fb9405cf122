import { ABANDONED_AFTER_MS } from "../../storage/incomplete/options.ts";
import { formatDuration } from "../arguments/parse.ts";
import { table } from "./option.ts";

/** Which incomplete uploads are meant, and what becomes of them. */
export const UPLOADS_OPTIONS = table({
	abort: {
		group: "Incomplete uploads",
		kind: "flag",
		describe: "Abort those that are old enough, which removes their parts",
	},
	"older-than": {
		group: "Incomplete uploads",
		kind: "duration",
		sets: "olderThanMs",
		describe: `Abort only uploads that no part was added to for this long; default: ${formatDuration(ABANDONED_AFTER_MS)}`,
	},
	"upload-id": {
		group: "Incomplete uploads",
		kind: "text",
		sets: "uploadId",
		describe: "Look at this upload only; --abort removes it whatever its age",
	},
	"dry-run": {
		group: "Incomplete uploads",
		kind: "flag",
		sets: "dryRun",
		describe: "Say what --abort would remove; remove nothing",
	},
});
