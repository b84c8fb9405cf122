import { table } from "./option.ts";
import { RUN_OPTIONS } from "./output-options.ts";

/** What is extracted from an archive, and what may become of it. */
export const EXTRACT_OPTIONS = table({
	directory: {
		group: "Extraction",
		kind: "text",
		alias: "C",
		describe: "Extract into this directory, made if need be, or to an s3:// prefix; default: the current one",
	},
	overwrite: {
		group: "Extraction",
		kind: "flag",
		sets: "overwrite",
		describe:
			"Replace files that exist, each when the new one is complete, instead of failing with exit code 9",
	},
	resume: {
		group: "Extraction",
		kind: "flag",
		sets: "resume",
		describe: "Leave out files that are there with the same size, time and CRC-32",
	},
	"strip-components": {
		group: "Extraction",
		kind: "number",
		sets: "stripComponents",
		describe: "Take so many directories off the beginning of each name",
	},
	"preserve-modes": {
		group: "Extraction",
		kind: "flag",
		sets: "preserveModes",
		describe: "Restore setuid, setgid and sticky bits, and permission for everybody to write, too",
	},
	"unsafe-links": {
		group: "Extraction",
		kind: "flag",
		sets: "unsafeLinks",
		describe: "Make symbolic links that lead out of the directory, too, instead of failing",
	},
	"max-size": {
		group: "Extraction",
		kind: "size",
		leastPlain: 0,
		sets: "maxSize",
		describe: "Fail if more than this would be extracted, such as 10G; default: what is free on the disk",
	},
});

/** The options of every run, in words about extracting. */
export const EXTRACT_RUN_OPTIONS = table({
	...RUN_OPTIONS,
	"dry-run": {
		group: "Output",
		kind: "flag",
		sets: "dryRun",
		describe: "Check the archive and list what would be extracted; write nothing",
	},
});
