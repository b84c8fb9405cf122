import { table } from "../option.ts";

/** What fills the template of a key, and in which zone its times are. */
export const TEMPLATE_OPTIONS = table({
	name: {
		group: "Backup",
		kind: "text",
		sets: "name",
		describe: "Name of the job, for {name} in the template",
	},
	host: {
		group: "Backup",
		kind: "text",
		sets: "host",
		describe: "Name of the machine, for {host} in the template; default: that of this one",
	},
	"time-zone": {
		group: "Backup",
		kind: "text",
		value: "ZONE",
		sets: "timeZone",
		describe: "Time zone of the times in keys, and of days and weeks, such as Europe/Berlin; default: UTC",
	},
});
