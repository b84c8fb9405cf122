import { ARCHIVE_OPTIONS, SOURCE_OPTIONS } from "../../options/archive-options.ts";
import {
	BACKUP_OPTIONS,
	BACKUP_OUTPUT_OPTIONS,
	BACKUP_PUT_OPTIONS,
	RETENTION_OPTIONS,
} from "../../options/backup/backup-options.ts";
import { KEEP_OPTIONS } from "../../options/backup/keep-options.ts";
import { LOCK_OPTIONS } from "../../options/backup/lock-options.ts";
import { TELL_OPTIONS } from "../../options/backup/tell-options.ts";
import { TEMPLATE_OPTIONS } from "../../options/backup/template-options.ts";
import { ROLLING_OPTIONS } from "../../options/base/rolling-options.ts";
import { COMMAND_OPERAND, COMMAND_OPTIONS } from "../../options/command-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";
import { defineCommand } from "../command.ts";
import { BACKUP_EXITS } from "./backup-exits.ts";

export const backup = defineCommand({
	name: "backup",
	group: "backup",
	summary: "Archive sources by date, and remove what is too old",
	description:
		"The archive is read back when it is there. Only then older ones go, if --keep options say so; whatever fails before leaves them alone. A template such as s3://my-bucket/{host}/%Y-%m-%dT%H-%M-%SZ.zip makes the key. One run at a time: another one exits with code 8.",
	operands: {
		source: { shown: "<source..>", many: true, orOptions: SOURCE_OPTIONS, completes: "files" },
		template: { shown: "<s3-url-template>" },
		command: COMMAND_OPERAND,
	},
	options: {
		...ARCHIVE_OPTIONS,
		...REMOTE_OPTIONS,
		...COMMAND_OPTIONS,
		...TEMPLATE_OPTIONS,
		...BACKUP_OPTIONS,
		...ROLLING_OPTIONS,
		...KEEP_OPTIONS,
		...RETENTION_OPTIONS,
		...LOCK_OPTIONS,
		...TELL_OPTIONS,
		...BACKUP_OUTPUT_OPTIONS,
		...CONNECT_OPTIONS,
		...BACKUP_PUT_OPTIONS,
	},
	common: [
		"dry-run",
		"keep-daily",
		"keep-weekly",
		"keep-monthly",
		"name",
		"skip-if-unchanged",
		"rolling",
		"exclude",
		"quiet",
		"json",
	],
	examples: [
		["zipferry backup /srv s3://my-bucket/srv/%Y-%m-%dT%H-%M-%SZ.zip --keep-daily 7", "a week of /srv"],
		[
			"zipferry backup /srv s3://my-bucket/srv/%Y-%m-%dT%H-%M-%SZ.zip --rolling --full-every 30d --keep-daily 7",
			"the same, for which only changes are sent",
		],
		[
			"zipferry backup --stdin-from-command --stdin-filename shop.sql s3://my-bucket/shop/%F.zip -- pg_dump shop",
			"a database, once a day",
		],
		[
			"zipferry backup /srv s3://my-bucket/{host}/%Y-%m-%dT%H-%M-%SZ.zip --keep-daily 7 --keep-monthly 12 --dry-run",
			"show what it would do",
		],
	],
	success: "the archive is there and was read back, or nothing has changed",
	exitCodes: BACKUP_EXITS,
	run: async (given, io) => (await import("./run-backup.ts")).runBackupCommand(given, io),
});
