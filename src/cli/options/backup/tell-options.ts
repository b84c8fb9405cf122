import { table } from "../option.ts";

const GROUP = "Telling";
const OCCASIONS = "start, success or failure; may be repeated";

/** Who is told how a backup went. Addresses and passwords belong into variables, where other users do not see them. */
export const TELL_OPTIONS = table({
	"ping-url": {
		group: GROUP,
		kind: "text",
		describe:
			"Address of a check at healthchecks.io or the like; /start and /fail are appended, and the report goes along",
	},
	"webhook-url": {
		group: GROUP,
		kind: "text",
		describe: "Address that gets the report as JSON by POST",
	},
	"webhook-header": {
		group: GROUP,
		kind: "pairs",
		needs: { option: "webhook-url" },
		describe: "Header for --webhook-url as name=value; may be repeated",
	},
	"webhook-on": {
		group: GROUP,
		kind: "list",
		value: "OCCASION",
		needs: { option: "webhook-url" },
		describe: `When to call the webhook: ${OCCASIONS}; default: success and failure`,
	},
	"mail-url": {
		group: GROUP,
		kind: "text",
		needs: { option: "mail-to" },
		describe:
			"Mail server, as smtps://host or smtp://host (STARTTLS); a user and a password go in front of the host",
	},
	"mail-to": {
		group: GROUP,
		kind: "list",
		value: "ADDRESS",
		needs: { option: "mail-url" },
		describe: "Who gets mail; may be repeated",
	},
	"mail-from": {
		group: GROUP,
		kind: "text",
		value: "ADDRESS",
		needs: { option: "mail-url" },
		describe: "Sender of the mail; default: the first of --mail-to",
	},
	"mail-on": {
		group: GROUP,
		kind: "list",
		value: "OCCASION",
		needs: { option: "mail-url" },
		describe: `When to send mail: ${OCCASIONS}; default: failure`,
	},
	"apprise-url": {
		group: GROUP,
		kind: "text",
		describe:
			"Address of an Apprise API server, as http://host:8000/notify/KEY, for chats, phones and all else",
	},
	"apprise-on": {
		group: GROUP,
		kind: "list",
		value: "OCCASION",
		needs: { option: "apprise-url" },
		describe: `When to call the Apprise server: ${OCCASIONS}; default: failure`,
	},
	"metrics-file": {
		group: GROUP,
		kind: "text",
		describe:
			"File for the textfile collector of Prometheus' node exporter, such as /var/lib/node_exporter/photos.prom",
	},
});
