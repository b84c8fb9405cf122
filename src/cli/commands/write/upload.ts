import { ARCHIVE_OPTIONS, SOURCE_OPTIONS } from "../../options/archive-options.ts";
import { BASE_OPTIONS } from "../../options/base/base-options.ts";
import { COMMAND_OPERAND, COMMAND_OPTIONS } from "../../options/command-options.ts";
import { CONNECT_OPTIONS } from "../../options/connect-options.ts";
import { RUN_OPTIONS } from "../../options/output-options.ts";
import { PUT_OPTIONS } from "../../options/put-options.ts";
import { REMOTE_OPTIONS } from "../../options/sources/remote-options.ts";
import { defineCommand } from "../command.ts";

export const upload = defineCommand({
	name: "upload",
	group: "write",
	summary: "Archive sources straight into a bucket",
	description:
		"A source is a file, a directory, s3://bucket/prefix/, https://…, an entry of an archive (old.zip!/docs), or any of these behind a name in the archive, as name=path. name=- is stdin; a FIFO is read as well.",
	operands: {
		source: { shown: "<source..>", many: true, orOptions: SOURCE_OPTIONS, completes: "files" },
		url: { shown: "<s3-url>" },
		command: COMMAND_OPERAND,
	},
	options: {
		...ARCHIVE_OPTIONS,
		...REMOTE_OPTIONS,
		...COMMAND_OPTIONS,
		...RUN_OPTIONS,
		...CONNECT_OPTIONS,
		...PUT_OPTIONS,
		...BASE_OPTIONS,
	},
	common: [
		"dry-run",
		"exclude",
		"exclude-from",
		"skip-errors",
		"no-clobber",
		"resume",
		"endpoint-url",
		"profile",
		"quiet",
		"json",
	],
	examples: [
		["zipferry upload ./photos s3://my-bucket/photos.zip", "contents of photos at the root"],
		["zipferry upload src docs s3://my-bucket/work.zip", "src/… and docs/…"],
		["zipferry upload s3://my-bucket/photos/ s3://my-bucket/photos.zip", "what is in a bucket already"],
		["zipferry upload docs=s3://my-bucket/work.zip!/docs s3://my-bucket/docs.zip", "from another archive"],
		["zipferry upload 2026=./photos s3://my-bucket/photos.zip", "as 2026/…"],
		[
			"zipferry upload --stdin-from-command --stdin-filename shop.sql s3://my-bucket/shop.zip -- pg_dump shop",
			"what a command writes, if it succeeds",
		],
		[
			"pg_dump shop | zipferry upload shop.sql=- s3://my-bucket/shop.zip",
			"the same from a pipe, which cannot tell that it failed",
		],
		["zipferry upload . s3://my-bucket/k.zip --exclude node_modules --dry-run", "show what it would archive"],
		[
			"zipferry upload --base s3://my-bucket/mon.zip /srv s3://my-bucket/tue.zip",
			"a complete archive, for which only changes are sent",
		],
		["zipferry upload --resume /srv s3://my-bucket/srv.zip", "after a kill: send only the missing parts"],
	],
	success: "complete, and confirmed by the storage",
	exitCodes: [
		"incomplete",
		["source", "a source failed; nothing was published"],
		"storage",
		"network",
		"integrity",
		"destination",
	],
	run: async (given, io) => (await import("./run-upload.ts")).runUpload(given, io),
});
