import { formatDuration } from "../../options/duration.ts";
import { ABANDONED_AFTER_MS } from "../../storage/incomplete/options.ts";
import { table } from "./option.ts";

/** Which incomplete uploads are meant, and what becomes of them. */
export const UPLOADS_OPTIONS = table({
	abort: {
		group: "Incomplete uploads",
		kind: "flag",
		describe: "Abort uploads that are old enough, and remove their parts",
	},
	"older-than": {
		group: "Incomplete uploads",
		kind: "duration",
		sets: "olderThanMs",
		needs: { option: "abort" },
		describe: `Abort only uploads that have received no part for this long; default: ${formatDuration(ABANDONED_AFTER_MS)}`,
	},
	"upload-id": {
		group: "Incomplete uploads",
		kind: "text",
		sets: "uploadId",
		describe:
			"Consider this upload only, and fail with exit code 5 if it is not there; --abort removes it regardless of its age",
	},
	"dry-run": {
		group: "Incomplete uploads",
		kind: "flag",
		sets: "dryRun",
		needs: { option: "abort" },
		describe: "Show what --abort would remove; remove nothing",
	},
});
