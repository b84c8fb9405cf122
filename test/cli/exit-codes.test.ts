import { truncate } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkArguments } from "../../src/cli/arguments/check-arguments.ts";
import { COMMANDS } from "../../src/cli/commands/all-commands.ts";
import { DemoServer } from "../support/demo-server.ts";
import type { Outcome } from "../support/program.ts";
import { useTempDirectory } from "../support/temp-directory.ts";
import { errorLine, shell, zipferry } from "./zipferry.ts";

const directory = useTempDirectory();
let server: DemoServer;
beforeAll(async () => {
	server = await DemoServer.start();
});
afterAll(() => server?.close());
beforeEach(() => directory.write({ "src/a.txt": "alpha", empty: null }));

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
	return zipferry(args, {
		env: { ...server.env, HOME: directory.path("empty"), ...env },
		cwd: directory.path(),
	});
}

const upload = (...options: readonly string[]) => ["upload", "src", "s3://demo/a.zip", ...options];

describe("zipferry without a task (D12)", () => {
	it("prints its version", async () => {
		expect(await run(["--version"])).toMatchObject({
			exitCode: 0,
			stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
		});
	});

	it.each([
		[
			["help", "exit-codes"],
			[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 129],
		],
		[
			["upload", "--help"],
			[0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 129],
		],
		[
			["create", "--help"],
			[0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 129],
		],
		[
			["uploads", "--help"],
			[0, 1, 2, 5, 6, 10, 129],
		],
		[
			["doctor", "--help"],
			[0, 1, 2, 5, 6, 10, 129],
		],
	])("prints help on stdout for %j, with its exit codes: %j", async (args, codes) => {
		const { exitCode, stdout, stderr } = await run(args);
		expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
		expect([...stdout.matchAll(/^ {2}(\d+)[ ,]/gm)].map(([, code]) => Number(code))).toEqual(codes);
	});
});

describe("exit code 2, an empty value", () => {
	it.each(COMMANDS.filter(({ group }) => group !== "about"))(
		"is refused of every option of $name, in both ways to write it",
		({ name: command, options }) => {
			const names = Object.keys(options).filter((name) => options[name]?.kind !== "flag");
			// `run` has its settings in the config, and `schedule` most of them.
			expect(names.length).toBeGreaterThan(
				{ run: 0, schedule: 3, status: 2, cancel: 2 }[command as string] ?? 5,
			);
			for (const name of names)
				for (const empty of [[`--${name}=`], [`--${name}`, ""]])
					expect(() => checkArguments([command, ...empty], options)).toThrow(
						`--${name} is empty; is a variable unset?`,
					);
		},
	);

	it.each([
		[upload("--region=")],
		[upload("--region", "")],
		[["uploads", "s3://demo", "--upload-id", ""]],
		[["doctor", "s3://demo", "--ca-file="]],
		[["create", "src", "a.zip", "--comment", ""]],
	])("is told for %j", async (args) => {
		const outcome = await run(args);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/^--[a-z-]+ is empty; is a variable unset\?$/);
	});
});

describe("exit code 2, wrong usage", () => {
	it.each<[string, readonly string[], RegExp]>([
		["nothing to do", [], /^say what to do, such as zipferry upload .*; zipferry --help shows all commands$/],
		["an unknown command, with the nearest one", ["uplod", "src"], /"uplod"; did you mean upload\?$/],
		[
			"an unknown option, with the nearest one (D4)",
			upload("--exclud", "x"),
			/^upload has no option --exclud; did you mean --exclude\?$/,
		],
		["an unknown option that is like no other", upload("--x"), /^upload has no option --x$/],
		[
			"an option that only another command has",
			["doctor", "s3://demo", "--no-clobber"],
			/^--no-clobber is an option of upload, create, merge, shards plan and submit, not of doctor$/,
		],
		[
			"an option like one that only another command has",
			["doctor", "s3://demo", "--no-clobbr"],
			/^doctor has no option --no-clobbr$/,
		],
		["an option called as a method", upload("--constructor=x"), /^upload has no option --constructor$/],
		["operands as an option", upload("--url", "b"), /^upload has no option --url/],
		["no operands", ["upload"], /^<source\.\.> and <s3-url> are needed: zipferry upload /],
		["not the operand that an optional one follows", ["ls"], /^<archive> is needed: zipferry ls /],
		["one operand", ["create", "src"], /^<source\.\.> and <file\|-> are needed: zipferry create /],
		[
			"an operand too many",
			["doctor", "s3://a", "s3://b"],
			/^"s3:\/\/b" is one too many, only <s3-url> is needed/,
		],
		[
			"a destination that is no address (D1)",
			["upload", "src", "a.zip"],
			/^"a.zip" is not an address like s3:\/\//,
		],
		["an address without a key", ["upload", "src", "s3://demo"], /names no key/],
		["an address without a bucket (D1)", ["upload", "src", "s3:///a.zip"], /names no bucket/],
		[
			"a key that ends in a slash (D2)",
			["upload", "src", "s3://demo/a/"],
			/^the key must be a name that does not end in "\/"/,
		],
		[
			"a bucket name nobody can have (D3)",
			["upload", "src", "s3://de..mo/a.zip"],
			/^the bucket must be 3 to 255 .*, not "de..mo"$/,
		],
		[
			"an address where a file is meant",
			["create", "src", "s3://demo/a.zip"],
			/zipferry upload … s3:\/\/demo\/a.zip/,
		],
		["an empty source (D8)", ["upload", "", "s3://demo/a.zip"], /^a source is empty; is a variable unset\?$/],
		[
			"an empty destination of create",
			["create", "src", ""],
			/^the destination is empty; is a variable unset\?$/,
		],
		["an empty destination of upload", ["upload", "src", ""], /^"" is not an address/],
		[
			"a level above its range (D7)",
			upload("--level", "10"),
			/^--level must be a whole number from 1 to 9 for method "auto", not "10"$/,
		],
		[
			"a level below its range",
			upload("--level", "0"),
			/^--level must be a whole number from 1 to 9, or up to 19 for "zstd", not "0"$/,
		],
		[
			"a level that is no number",
			upload("--level", "high"),
			/^--level must be a whole number from 1 to 9, or up to 19 for "zstd", not "high"$/,
		],
		[
			"half a part at once",
			upload("--concurrency", "1.5"),
			/^--concurrency must be a whole number from 1 to 64, not "1\.5"$/,
		],
		[
			"too many parts at once (D6)",
			upload("--concurrency", "65"),
			/^--concurrency must be a whole number from 1 to 64, not "65"$/,
		],
		[
			"a part size that is none (D5)",
			upload("--part-size", "big"),
			/^--part-size is a size such as 16M or 1G, not "big"$/,
		],
		[
			"a part size that was meant as MiB",
			upload("--part-size", "16"),
			/^--part-size "16" is 16 bytes, less than 5 MiB; 16M is 16 MiB$/,
		],
		[
			"an expected size that was meant as MiB",
			upload("--expected-size", "500"),
			/^--expected-size "500" is 500 bytes, less than 1 MiB; 500M is 500 MiB$/,
		],
		[
			"a number in quotes of its own",
			upload("--level", '"4"'),
			/^--level must be a whole number from 1 to 9, or up to 19 for "zstd", not ""4""$/,
		],
		[
			"a name that would leave the folder it is extracted to",
			["upload", "../x=src", "s3://demo/a.zip"],
			/^the entry name "\.\.\/x" has a "\.\." segment$/,
		],
		[
			"a name with an empty segment",
			["create", "a//b=src", "a.zip"],
			/^the entry name "a\/\/b" has an empty/,
		],
		[
			"a file with an empty name",
			["create", "=src/a.txt", "a.zip"],
			/^the entry name "" is empty, and src\/a\.txt is a file, which needs one$/,
		],
		[
			"an option that does nothing",
			upload("--level", "9", "--method", "store"),
			/^--level does nothing with/,
		],
		["a value of the opposite of a flag", upload("--no-path-style=no"), /^--no-path-style takes no value$/],
		[
			"a day that does not exist",
			upload("--mtime", "2026-02-31"),
			/^--mtime is a time such as .*, not "2026-02-31"$/,
		],
		[
			"a time of no century of ZIP",
			upload("--mtime=-5"),
			/^--mtime is a time from 1980 to 2107, .*, not "-5"$/,
		],
		[
			"patterns that come from stdin twice",
			upload("--exclude-from", "-", "--exclude-from=-"),
			/^--exclude-from - is given twice; stdin can be read only once$/,
		],
		[
			"parts that S3 does not take",
			upload("--part-size", "1M"),
			/^--part-size must be a whole number of bytes, 5 MiB to 5 GiB for provider generic, not "1M"$/,
		],
		[
			"parts that the storage takes and Node does not hash",
			upload("--part-size", "5G"),
			/^--part-size must be at most 2047 MiB, the most that Node\.js hashes and encrypts at once, not "5G"$/,
		],
		[
			"a region that would send requests elsewhere",
			upload("--provider", "linode", "--endpoint-url", "http://127.0.0.1:1", "--region", "evil.example/x"),
			/^the region "evil\.example\/x" is no name like eu-central-1; check --region, AWS_REGION and the profile$/,
		],
		[
			"an account that would send requests elsewhere",
			["uploads", "s3://demo", "--provider", "r2", "--account", "evil.example/x"],
			/^the account "evil\.example\/x" is no name/,
		],
		[
			"a silence that is none",
			upload("--read-timeout", "0"),
			/^--read-timeout must be a time from 1 ms to 1 h, not "0"$/,
		],
		[
			"connections that take too long",
			upload("--connect-timeout", "90m"),
			/^--connect-timeout must be a time from 1 ms to 1 h, not "90m"$/,
		],
		[
			"the same of a plan",
			upload("--dry-run", "--read-timeout", "0"),
			/^--read-timeout must be a time from 1 ms to 1 h, not "0"$/,
		],
		[
			"the same of uploads",
			["uploads", "s3://demo", "--read-timeout", "0"],
			/^--read-timeout must be a time from 1 ms to 1 h, not "0"$/,
		],
		[
			"the same of doctor",
			["doctor", "s3://demo", "--read-timeout", "0"],
			/^--read-timeout must be a time from 1 ms to 1 h, not "0"$/,
		],
		[
			"repetitions for longer than a week",
			upload("--retry-time", "8d"),
			/^--retry-time must be a time from 0 ms to 7 d, not "8d"$/,
		],
		[
			"a choice that is none",
			upload("--symlinks", "copy"),
			/^--symlinks is one of "store", "follow", "skip", not "copy"$/,
		],
		[
			"a time that is none",
			upload("--mtime", "yesterday"),
			/^--mtime is a time such as .*, not "yesterday"$/,
		],
		[
			"metadata that the storage would lose one of",
			upload("--metadata", "a=1", "--metadata", "A=2"),
			/^--metadata "a" and "A" are one name to the storage/,
		],
		[
			"metadata that is given twice",
			upload("--metadata", "a=1", "--metadata", "a=2"),
			/^--metadata has "a" twice: "1" and "2"$/,
		],
		["metadata without a value", upload("--metadata", "owner"), /^--metadata is key=value, not "owner"$/],
		[
			"an endpoint that is no URL",
			upload("--endpoint-url", "localhost"),
			/^the endpoint "localhost" is no URL/,
		],
		[
			"a file of patterns that is missing",
			upload("--exclude-from", "missing"),
			/^cannot read the patterns in missing/,
		],
		["a value of a flag (D5)", upload("--no-clobber=yes"), /^--no-clobber takes no value, or true or false/],
		["metadata that is no header", upload("--metadata", "a\nb=c"), /^the name "a\\x0ab" in metadata cannot/],
		[
			"metadata that would end its header",
			upload("--metadata", "a=b\r\nx-amz-acl: public-read"),
			/^--metadata a must be text of ASCII characters .*, not "b\\x0d\\x0ax-amz-acl: public-read"$/,
		],
		[
			"a type that is no ASCII",
			upload("--content-type", "zïp"),
			/^--content-type must be text of ASCII characters .*, not "zïp"$/,
		],
		[
			"certificates that are none",
			upload("--ca-file", "src/a.txt"),
			/^there is no certificate in src\/a.txt/,
		],
		[
			"stdin without a name (D15)",
			["upload", "-", "s3://demo/a.zip"],
			/^data from stdin needs a name, as in dump\.sql=-/,
		],
		["an option given twice", upload("--level", "1", "--level", "2"), /^--level is given twice$/],
		["an option without its value", upload("--level"), /^--level needs a value$/],
		["an option in place of a value", upload("--level", "--quiet"), /^--level needs a value$/],
		["a short option without its value", ["extract", "a.zip", "-C"], /^-C needs a value$/],
		[
			"a value that looks like an option",
			upload("--exclude", "-* old"),
			/^--exclude needs a value; one that begins with a dash goes behind "=": --exclude='-\* old'$/,
		],
		[
			"two sources for one name",
			["upload", "x=src", "x=empty", "s3://demo/a.zip"],
			/^two sources give the entry "x\/"/,
		],
	])("is for %s", async (_, args, message) => {
		const before = server.s3.requests.length;
		const outcome = await run(args);
		expect(outcome).toMatchObject({ exitCode: 2, stdout: "" });
		expect(errorLine(outcome)).toMatch(message);
		expect(server.s3.requests.slice(before)).toEqual([]);
	});

	it.each(["src/\\351", "s3://demo/\\351.zip"])(
		"is for an argument that is not UTF-8: %s (D13)",
		async (word) => {
			const words = word.startsWith("s3:") ? 'src "$word"' : '"$word" s3://demo/a.zip';
			const outcome = await shell(`word=$(printf '${word}'); zipferry upload ${words}`, {
				env: server.env,
				cwd: directory.path(),
			});
			expect(outcome.exitCode).toBe(2);
			expect(errorLine(outcome)).toMatch(/ is not UTF-8; name its directory/);
			expect(await server.keys()).toEqual([]);
		},
	);

	it("is for an archive that may not fit into the parts it was given", async () => {
		await directory.write({ large: "" });
		await truncate(directory.path("large"), 1024 ** 4); // sparse
		const outcome = await run(["upload", "large", "s3://demo/a.zip", "--part-size", "5M"]);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/set the part size to \d+ MiB or leave it out$/);
	});

	it("is for a missing region, where only the user can know it", async () => {
		const outcome = await run(upload("--provider", "aws"), { AWS_ENDPOINT_URL_S3: "", AWS_REGION: "" });
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(
			/^no region is set for provider aws; use --region or AWS_REGION, such as eu-central-1$/,
		);
	});
});

describe("exit code 4, a source", () => {
	it("is for one that is missing", async () => {
		const outcome = await run(["upload", "missing", "s3://demo/a.zip"]);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe("source missing: does not exist");
	});

	it("is for one with nothing in it, as an unmounted disk, unless --allow-empty says it is meant so", async () => {
		const outcome = await run(["upload", "empty", "s3://demo/empty.zip"]);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/^there is nothing to archive/);
		expect(await server.keys()).not.toContain("empty.zip");
		expect(await run(["upload", "empty", "s3://demo/empty.zip", "--allow-empty", "-q"])).toMatchObject({
			exitCode: 0,
		});
		expect((await server.get("empty.zip")).bytes.byteLength).toBe(22); // an end record and nothing else
	});

	it("is for filters that leave nothing", async () => {
		const outcome = await run(upload("--include", "*.jpg"));
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toMatch(/filters leave nothing$/);
	});

	it("is for a device", async () => {
		const outcome = await run(["upload", "/dev/null", "s3://demo/a.zip"]);
		expect(outcome.exitCode).toBe(4);
		expect(errorLine(outcome)).toBe("/dev/null is a device; only files and directories can be archived");
	});
});

describe("exit code 5, the storage", () => {
	it("is for a bucket that is not there", async () => {
		const outcome = await run(["upload", "src", "s3://missing-bucket/a.zip"]);
		expect(outcome.exitCode).toBe(5);
		expect(errorLine(outcome)).toBe('the bucket "missing-bucket" does not exist there; create it first');
	});

	it("is for an access key nobody knows, with the code and what to check", async () => {
		const outcome = await run(upload(), { AWS_ACCESS_KEY_ID: "stranger" });
		expect(outcome.exitCode).toBe(5);
		expect(errorLine(outcome)).toMatch(/InvalidAccessKeyId: .*check AWS_ACCESS_KEY_ID.*\(request \w+\)$/);
	});

	it("is for a wrong secret, which it does not print, not even with --debug", async () => {
		const secret = "another-secret-nobody-may-see";
		const outcome = await run(upload("--debug"), { AWS_SECRET_ACCESS_KEY: secret });
		expect(outcome.exitCode).toBe(5);
		expect(outcome.stderr).toMatch(/^zipferry: .*SignatureDoesNotMatch: .*check AWS_SECRET_ACCESS_KEY/m);
		expect(outcome.stderr).toMatch(/\n\s+at .*\n {2}caused by /s);
		expect(outcome.stderr).not.toContain(secret);
	});

	it("is for no credentials at all, with the places that were looked at", async () => {
		const outcome = await run(upload(), { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" });
		expect(outcome.exitCode).toBe(5);
		expect(errorLine(outcome)).toMatch(
			/^no credentials found in the environment.*; set AWS_ACCESS_KEY_ID .* --profile or AWS_PROFILE$/,
		);
	});
});

describe("exit code 6, the network", () => {
	it("is for an endpoint where nobody listens", async () => {
		const outcome = await run(upload("--endpoint-url", "http://127.0.0.1:1", "--retry-time", "0s"));
		expect(outcome.exitCode).toBe(6);
		expect(errorLine(outcome)).toMatch(/^cannot reach the storage for the bucket demo: .*ECONNREFUSED/);
	});
});

describe("an error with --json", () => {
	it("is on stdout for programs and on stderr for people", async () => {
		const outcome = await run(["upload", "missing", "s3://demo/a.zip", "--json"]);
		expect(outcome.exitCode).toBe(4);
		expect(outcome.stdout).toMatch(/^[^\n]+\n$/);
		expect(JSON.parse(outcome.stdout)).toEqual({
			error: { code: "SOURCE_NOT_FOUND", message: errorLine(outcome), exitCode: 4 },
		});
	});
});
