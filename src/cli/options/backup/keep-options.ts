import { table } from "../option.ts";

const COUNT = { group: "Retention", kind: "text", value: "COUNT" } as const;
const SPAN = { group: "Retention", kind: "text", value: "SPAN" } as const;

/** Each is read alone in the help, where others of its kind are left out. */
const newestOfLast = (periods: string) => `Keep the newest archive of each of the last COUNT ${periods}`;
const newestOfEach = (period: string) =>
	`Of the archives less than SPAN older than the newest one, keep the newest of each ${period}`;

/** Which archives are kept; an archive stays if any of them keeps it. */
export const KEEP_OPTIONS = table({
	"keep-last": { ...COUNT, describe: "Keep this many archives, the newest ones; all removes none" },
	"keep-hourly": { ...COUNT, describe: newestOfLast("hours that have one") },
	"keep-daily": { ...COUNT, describe: newestOfLast("days that have one") },
	"keep-weekly": { ...COUNT, describe: newestOfLast("weeks that have one; weeks begin on Monday") },
	"keep-monthly": { ...COUNT, describe: newestOfLast("months that have one") },
	"keep-yearly": { ...COUNT, describe: newestOfLast("years that have one") },
	"keep-within": {
		...SPAN,
		describe:
			"Keep all archives that are less than this much older than the newest one, such as 30d or 1y6m (y, m, w, d, h; m is months)",
	},
	"keep-within-hourly": { ...SPAN, describe: newestOfEach("hour") },
	"keep-within-daily": { ...SPAN, describe: newestOfEach("day") },
	"keep-within-weekly": { ...SPAN, describe: newestOfEach("week") },
	"keep-within-monthly": { ...SPAN, describe: newestOfEach("month") },
	"keep-within-yearly": { ...SPAN, describe: newestOfEach("year") },
	"keep-min": {
		...COUNT,
		describe: "Keep at least this many archives, the newest ones, whatever the other options say; default: 1",
	},
});
