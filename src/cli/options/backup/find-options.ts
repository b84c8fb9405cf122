import { table } from "../option.ts";
import { TEMPLATE_OPTIONS } from "./template-options.ts";

const needs = { option: "latest", or: "at" } as const;
const { name, host, "time-zone": timeZone } = TEMPLATE_OPTIONS;

/** Which archive of a backup is read: the archive that is named is a template then. */
export const FIND_OPTIONS = table({
	latest: {
		group: "Backup",
		kind: "flag",
		describe:
			"Take the newest archive of a backup; the archive is given as a template, such as 's3://b/photos/%F.zip'",
	},
	at: {
		group: "Backup",
		kind: "text",
		value: "TIME",
		describe:
			"Take the newest archive of a backup up to the end of a day such as 2026-10-01, or up to 2026-10-01T12:00; the archive is given as a template",
	},
	// These set nothing: what they say is in the template.
	name: { group: name.group, kind: name.kind, describe: name.describe, needs },
	host: { group: host.group, kind: host.kind, describe: host.describe, needs },
	"time-zone": {
		...{ group: timeZone.group, kind: timeZone.kind, value: timeZone.value },
		describe: "Time zone of the times in keys and of --at, such as Europe/Berlin; default: UTC",
		needs,
	},
});
