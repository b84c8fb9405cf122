import { table } from "./option.ts";

/** Options of commands that write a file. */
export const FILE_OPTIONS = table({
	"no-clobber": {
		group: "Output",
		kind: "flag",
		sets: "noClobber",
		describe: "Fail with exit code 9 if the file exists; stdout, FIFOs and devices hold nothing to overwrite",
	},
});
