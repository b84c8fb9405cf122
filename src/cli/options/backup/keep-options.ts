import { table } from "../option.ts";

const COUNT = { group: "Retention", kind: "text", value: "COUNT" } as const;
const SPAN = { group: "Retention", kind: "text", value: "SPAN" } as const;

/** Which archives are kept; an archive stays if any of them keeps it. */
export const KEEP_OPTIONS = table({
	"keep-last": {
		...COUNT,
		describe: "Keep the newest archives, this many; here and below, all keeps them without end",
	},
	"keep-hourly": {
		...COUNT,
		describe: "Keep the newest archive of each of the last hours that have one, this many",
	},
	"keep-daily": { ...COUNT, describe: "The same of days" },
	"keep-weekly": { ...COUNT, describe: "The same of weeks, which begin on Monday" },
	"keep-monthly": { ...COUNT, describe: "The same of months" },
	"keep-yearly": { ...COUNT, describe: "The same of years" },
	"keep-within": {
		...SPAN,
		describe:
			"Keep all archives that are less than this much older than the newest one, such as 30d or 1y6m (y, m, w, d, h; m is months)",
	},
	"keep-within-hourly": { ...SPAN, describe: "Keep the newest archive of each hour of that span" },
	"keep-within-daily": { ...SPAN, describe: "The same of days" },
	"keep-within-weekly": { ...SPAN, describe: "The same of weeks" },
	"keep-within-monthly": { ...SPAN, describe: "The same of months" },
	"keep-within-yearly": { ...SPAN, describe: "The same of years" },
	"keep-min": {
		group: "Retention",
		kind: "text",
		value: "COUNT",
		describe: "Keep at least this many archives, the newest ones, whatever the other options say; default: 1",
	},
});
