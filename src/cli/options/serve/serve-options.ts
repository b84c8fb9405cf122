import { ARCHIVE_OPTIONS } from "../archive-options.ts";
import { table } from "../option.ts";
import { OUTPUT_OPTIONS } from "../output-options.ts";

/** Where `serve` listens, to whom, and what it shows. */
export const SERVE_OPTIONS = table({
	port: {
		group: "Serving",
		kind: "number",
		allowed: "a port from 0 to 65,535",
		default: 8080,
		describe: "Port to listen on; 0 takes any that is free",
	},
	host: {
		group: "Serving",
		kind: "text",
		value: "ADDRESS",
		describe: "Address to listen at, 0.0.0.0 for every one of this machine; default: 127.0.0.1",
	},
	auth: {
		group: "Serving",
		kind: "text",
		value: "USER:PASSWORD",
		describe:
			"Ask for this user and password, or for those in a file, as file:/path; the variable ZIPFERRY_AUTH hides them from other users of this machine",
	},
	"crc-cache": {
		group: "Serving",
		kind: "text",
		value: "FILE",
		describe:
			"Where the CRC-32s of what was read are remembered, so that a download goes on after a restart without reading it again; default: in $CACHE_DIRECTORY, $XDG_CACHE_HOME/zipferry or ~/.cache/zipferry",
	},
	exclude: {
		...ARCHIVE_OPTIONS.exclude,
		describe: "Do not show or serve what matches a pattern in gitignore syntax; may be repeated",
	},
	include: {
		...ARCHIVE_OPTIONS.include,
		describe: "Show and serve only files that match a pattern in gitignore syntax; may be repeated",
	},
	"exclude-from": ARCHIVE_OPTIONS["exclude-from"],
	json: {
		...OUTPUT_OPTIONS.json,
		describe: "Print the address, and each request, as lines of JSON on stdout",
	},
	quiet: OUTPUT_OPTIONS.quiet,
	verbose: { group: "Output", kind: "flag", alias: "v", describe: "Print a line for each request on stderr" },
	debug: OUTPUT_OPTIONS.debug,
});
