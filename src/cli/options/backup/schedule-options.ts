import { table } from "../option.ts";

/** What a schedule remembers, and who may ask it. */
export const SCHEDULE_OPTIONS = table({
	"state-file": {
		group: "Backup",
		kind: "text",
		value: "FILE",
		describe:
			"Where the last runs are remembered, so that missed ones are caught up; default: in $STATE_DIRECTORY, $XDG_STATE_HOME/zipferry or ~/.local/state/zipferry",
	},
	"health-port": {
		group: "Backup",
		kind: "number",
		allowed: "a port from 0 to 65,535",
		describe:
			"Answer HTTP requests on this port with JSON: status 200, or 503 if the last run of a job has failed or a job is overdue; 0 takes any free port",
	},
	"health-host": {
		group: "Backup",
		kind: "text",
		value: "ADDRESS",
		needs: { option: "health-port" },
		describe: "Address to answer at, 0.0.0.0 for every one of this machine; default: 127.0.0.1",
	},
});
