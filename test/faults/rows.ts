/** A row of the list of bad inputs that is no fault that can be put into the table. */
export interface OtherRow {
	readonly row: string;
	readonly what: string;
}

/** Held by a test of its own, which has the row in its title; below `test/`. */
export const ELSEWHERE: readonly (OtherRow & { readonly test: string })[] = [
	{ row: "B2", what: "no credentials", test: "faults/environment.test.ts" },
	{ row: "B36", what: "a host name that does not exist", test: "faults/endpoint.test.ts" },
	{ row: "B37", what: "nothing listens there, or not yet", test: "faults/endpoint.test.ts" },
	{
		row: "B38",
		what: "certificates: self-signed, expired, of another host, TLS 1.0",
		test: "faults/endpoint.test.ts",
	},
	{
		row: "B39",
		what: "`HTTPS_PROXY`: it is not read, connections are direct",
		test: "faults/environment.test.ts",
	},
	{ row: "B42", what: "more than fits into the number of parts", test: "faults/endpoint.test.ts" },
	{ row: "C2", what: "a second signal", test: "faults/signals.test.ts" },
	{ row: "C6", what: "20,000 files with a heap of 64 MB", test: "faults/environment.test.ts" },
	{ row: "C7", what: "a closed stdout", test: "faults/environment.test.ts" },
	{ row: "C8", what: "a full disk under the log", test: "faults/environment.test.ts" },
	{ row: "C11", what: "two runs with one key", test: "faults/library.test.ts" },
	{ row: "C13", what: "no HOME, terminal, time zone, language", test: "faults/environment.test.ts" },
	{ row: "C14", what: "suspended for longer than the time-outs", test: "faults/signals.test.ts" },
	{ row: "C15", what: "iterators and listeners that throw", test: "faults/library.test.ts" },
	{ row: "C16", what: "an abort before the start, and during Complete", test: "faults/library.test.ts" },
	{ row: "C17", what: "a source that never yields", test: "faults/library.test.ts" },
	{ row: "C18", what: "a source that fails after some parts", test: "faults/library.test.ts" },
	{ row: "C19", what: "a source that is shorter than it was declared", test: "faults/library.test.ts" },
	{ row: "C20", what: "a storage that takes nothing", test: "faults/library.test.ts" },
	{ row: "C21", what: "threads that fail", test: "faults/threads.test.ts" },
	{ row: "D1", what: "addresses that are none", test: "cli/exit-codes.test.ts" },
	{ row: "D2", what: "keys that are none", test: "cli/exit-codes.test.ts" },
	{ row: "D3", what: "names that are no bucket's", test: "cli/exit-codes.test.ts" },
	{ row: "D4", what: "options that do not exist", test: "cli/exit-codes.test.ts" },
	{ row: "D5", what: "values of options that are none", test: "cli/exit-codes.test.ts" },
	{ row: "D6", what: "too many parts at once", test: "cli/exit-codes.test.ts" },
	{ row: "D7", what: "a level that does not exist", test: "cli/exit-codes.test.ts" },
	{ row: "D8", what: "empty arguments", test: "cli/exit-codes.test.ts" },
	{ row: "D9", what: "`.` and slashes at the end", test: "cli/commands/upload.test.ts" },
	{ row: "D11", what: "options named `__proto__`", test: "cli/security-input.test.ts" },
	{ row: "D12", what: "`--help` and `--version`: no network", test: "cli/exit-codes.test.ts" },
	{ row: "D13", what: "arguments that are not UTF-8", test: "cli/exit-codes.test.ts" },
	{ row: "D14", what: "`--dry-run`: no request", test: "cli/commands/dry-run.test.ts" },
	{ row: "D15", what: "`-` as a source", test: "cli/exit-codes.test.ts" },
	{ row: "E1", what: "no option for a secret", test: "cli/security-secrets.test.ts" },
	{ row: "E2", what: "no secret in any output", test: "cli/security-secrets.test.ts" },
	{ row: "E4", what: "entries and metadata named `__proto__`", test: "cli/security-input.test.ts" },
	{ row: "E5", what: "archives: names that lead out of the target", test: "reader/hostile/hostile.test.ts" },
	{
		row: "E6",
		what: "archives: links that lead out of the target, and names through links",
		test: "reader/hostile/hostile.test.ts",
	},
	{
		row: "E9",
		what: "archives: bombs, and entries that share bytes",
		test: "reader/hostile/hostile.test.ts",
	},
	{
		row: "E10",
		what: "archives: headers that contradict each other, and lies about data",
		test: "reader/hostile/hostile.test.ts",
	},
	{
		row: "E11",
		what: "archives: several end records, bytes around the archive, numbers that contradict each other",
		test: "reader/hostile/hostile.test.ts",
	},
	{
		row: "E12",
		what: "archives: sizes and counts to reserve memory for, offsets beyond the end",
		test: "reader/hostile/hostile.test.ts",
	},
	{
		row: "E13",
		what: "archives: names that cannot be there side by side",
		test: "reader/hostile/hostile.test.ts",
	},
	{
		row: "E14",
		what: "archives: encrypted entries, unknown methods, parts of several",
		test: "reader/hostile/hostile.test.ts",
	},
	{ row: "E19", what: "TLS is always verified", test: "cli/security-network.test.ts" },
	{ row: "E20", what: "a warning of plain http", test: "cli/security-network.test.ts" },
];

/** No test, and why. */
export const NOT_PROVOKED: readonly OtherRow[] = [
	{ row: "B48", what: "no older archives are removed" },
	{
		row: "C9",
		what: "there is no journal and no temporary file; a full disk under `create` is in its own tests",
	},
	{ row: "C10", what: "there is no journal" },
	{ row: "C12", what: "there is no lock" },
	{ row: "C22", what: "npm refuses or warns of a Node that is too old; CI runs the tests on two versions" },
	{ row: "D10", what: "there is no configuration file of its own" },
	{ row: "E3", what: "there is no journal and no lock" },
];
