import { readFile } from "node:fs/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/cli/commands/all-commands.ts";
import {
	namingVariables,
	strangeVariables,
	variableOf,
	withVariables,
} from "../../../src/cli/environment/variables.ts";
import { table } from "../../../src/cli/options/option.ts";
import type { Outcome } from "../../support/program.ts";
import { useTempDirectory } from "../../support/temp-directory.ts";
import { zipNames } from "../../support/zip-contents.ts";
import { errorLine, zipferry } from "../zipferry.ts";

const directory = useTempDirectory();
beforeEach(() => directory.write({ "src/a.txt": "alpha", "src/b.log": "beta", "src/c.tmp": "gamma" }));

function create(env: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<Outcome> {
	return zipferry(["create", "src", "a.zip", ...options], { env, cwd: directory.path() });
}

const names = async () => zipNames(await readFile(directory.path("a.zip")));

const OPTIONS = table({
	"part-size": { group: "Storage", kind: "size", leastPlain: 0, describe: "" },
	quiet: { group: "Output", kind: "flag", alias: "q", describe: "" },
	"no-clobber": { group: "Storage", kind: "flag", describe: "" },
	exclude: { group: "Sources", kind: "list", describe: "" },
});

describe("a variable", () => {
	it("stands for an option that the command line does not give", async () => {
		expect(await create({ ZIPFERRY_JSON: "1", ZIPFERRY_METHOD: "store" })).toMatchObject({
			exitCode: 0,
			stderr: "",
			stdout: expect.stringMatching(/^\{"file":"a.zip"/),
		});
	});

	it("of an option that may be repeated has a value on each line", async () => {
		await create({ ZIPFERRY_EXCLUDE: "*.log\n*.tmp\n" });
		expect(await names()).toEqual(["a.txt"]);
	});

	it("gives way to the command line, and is not looked at then", async () => {
		await create({ ZIPFERRY_EXCLUDE: "*.txt" }, "--exclude", "*.log");
		expect(await names()).toEqual(["a.txt", "c.tmp"]);
		expect(
			await create({ ZIPFERRY_LEVEL: "high", ZIPFERRY_QUIET: "perhaps" }, "--level=1", "-q"),
		).toMatchObject({
			exitCode: 0,
			stderr: "",
		});
	});

	it("of an option that the command does not have is ignored", async () => {
		expect(await create({ ZIPFERRY_PART_SIZE: "", ZIPFERRY_QUIET: "1" })).toMatchObject({
			exitCode: 0,
			stderr: "",
		});
	});

	it("comes before a variable of AWS", async () => {
		const env = { ZIPFERRY_ENDPOINT_URL: "no-url", AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" };
		const outcome = await zipferry(["uploads", "s3://demo"], { env, cwd: directory.path() });
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(/^the endpoint "no-url" is no URL/);
	});

	it.each<[Record<string, string>, RegExp]>([
		[
			{ ZIPFERRY_LEVEL: "10" },
			/^ZIPFERRY_LEVEL must be a whole number from 1 to 9 for method "auto", not "10"$/,
		],
		[
			{ ZIPFERRY_LEVEL: "20" },
			/^ZIPFERRY_LEVEL must be a whole number from 1 to 9, or up to 19 for "zstd", not "20"$/,
		],
		[{ ZIPFERRY_METHOD: "lzma" }, /^ZIPFERRY_METHOD is one of .*"lzma"$/],
		[{ ZIPFERRY_MTIME: "yesterday" }, /^ZIPFERRY_MTIME is a time such as /],
		[{ ZIPFERRY_EXCLUDE_FROM: "" }, /^ZIPFERRY_EXCLUDE_FROM is empty; give it a value, or unset it$/],
		[{ ZIPFERRY_EXCLUDE: "\n" }, /^ZIPFERRY_EXCLUDE is empty/],
		[{ ZIPFERRY_STRICT: "" }, /^ZIPFERRY_STRICT is empty/],
		[{ ZIPFERRY_EXCLUDE: "\ufffd" }, /^ZIPFERRY_EXCLUDE is not UTF-8$/],
		[
			{ ZIPFERRY_STRICT: "perhaps" },
			/^ZIPFERRY_STRICT is 1, true, yes or on, or 0, false, no or off, not "perhaps"$/,
		],
	])("with a value that makes no sense is named, with exit code 2: %j", async (env, message) => {
		const outcome = await create(env);
		expect(outcome.exitCode).toBe(2);
		expect(errorLine(outcome)).toMatch(message);
	});

	it("makes errors JSON, too", async () => {
		const outcome = await create({ ZIPFERRY_JSON: "yes", ZIPFERRY_LEVEL: "0" });
		expect(JSON.parse(outcome.stdout)).toMatchObject({
			error: {
				message: 'ZIPFERRY_LEVEL must be a whole number from 1 to 9, or up to 19 for "zstd", not "0"',
				exitCode: 2,
			},
		});
	});

	it("of no option is warned of, with the name that may be meant, and without its value", async () => {
		const outcome = await create({
			ZIPFERRY_PARTSIZE: "1",
			ZIPFERRY_SECRET_ACCESS_KEY: "hush",
			ZIPFERRY_QUIET: "1",
		});
		expect(outcome).toMatchObject({
			exitCode: 0,
			stderr: [
				"warning: no option has the variable ZIPFERRY_PARTSIZE; did you mean ZIPFERRY_PART_SIZE?\n",
				"warning: no option has the variable ZIPFERRY_SECRET_ACCESS_KEY\n",
			].join(""),
		});
	});

	it("disturbs nobody who asks for help, or makes completion at the start of a shell", async () => {
		for (const words of [["--help"], ["completion", "bash"]])
			expect(await zipferry(words, { env: { ZIPFERRY_PARTSIZE: "1" }, cwd: "." })).toMatchObject({
				stderr: "",
			});
	});
});

describe("variableOf", () => {
	it("gives every option of every command a name of its own", () => {
		const options = new Set(COMMANDS.flatMap((command) => Object.keys(command.options)));
		expect(options.size).toBeGreaterThan(40);
		expect(new Set([...options].map(variableOf)).size).toBe(options.size);
		for (const option of options) expect(variableOf(option)).toMatch(/^ZIPFERRY(_[A-Z0-9]+)+$/);
	});
});

describe("withVariables", () => {
	it.each([
		["1", "true"],
		["TRUE", "true"],
		["yes", "true"],
		["on", "true"],
		["0", "false"],
		["False", "false"],
		["no", "false"],
		["off", "false"],
	])("takes %j for a flag that is %s", (text, value) => {
		expect(withVariables(["src"], OPTIONS, { ZIPFERRY_QUIET: text })).toEqual({
			words: [`--quiet=${value}`, "src"],
			fromVariables: ["quiet"],
			ofServices: [],
		});
	});

	it.each([
		[["-q"], "ZIPFERRY_QUIET"],
		[["-vq"], "ZIPFERRY_QUIET"],
		[["--quiet=false"], "ZIPFERRY_QUIET"],
		[["--no-quiet"], "ZIPFERRY_QUIET"],
		[["--clobber"], "ZIPFERRY_NO_CLOBBER"],
		[["--part-size", "16M"], "ZIPFERRY_PART_SIZE"],
	])("leaves %j to itself", (words, variable) => {
		expect(withVariables(words, OPTIONS, { [variable]: "1" })).toEqual({
			...{ words, fromVariables: [], ofServices: [] },
		});
	});

	it("takes what stands behind -- for no option", () => {
		expect(withVariables(["--", "-q"], OPTIONS, { ZIPFERRY_QUIET: "1" }).words).toEqual([
			"--quiet=true",
			"--",
			"-q",
		]);
	});

	it("keeps a value that looks like an option, or has several lines, in one word", () => {
		expect(withVariables([], OPTIONS, { ZIPFERRY_PART_SIZE: "-q\n=1" }).words).toEqual([
			"--part-size=-q\n=1",
		]);
	});
});

describe("namingVariables", () => {
	it("names the variable of an option that has its value from there, and no other option", () => {
		expect(namingVariables("--region and --region-x, not --json", ["region"])).toBe(
			"ZIPFERRY_REGION and --region-x, not --json",
		);
	});

	it("leaves a command line that is to be typed as it is", () => {
		expect(namingVariables("--region is wrong: zipferry ls --region x s3://b", ["region"])).toBe(
			"ZIPFERRY_REGION is wrong: zipferry ls --region x s3://b",
		);
	});
});

describe("strangeVariables", () => {
	it("leaves those of other programs and of the tests of the project alone", () => {
		const env = {
			ZIPFERRY_TEST_S3: "x",
			ZIPFERRY_VERSION: "0.1.0",
			ZIPFERRY: "x",
			AWS_REGION: "x",
			ZIPFERRY_QUIET: "x",
			ZIPFERRY_X: "x",
		};
		expect(strangeVariables(env, [OPTIONS])).toEqual(["no option has the variable ZIPFERRY_X"]);
	});

	it("leaves those alone that Kubernetes sets for services whose names begin like ours", () => {
		const env = {
			ZIPFERRY_SERVICE_HOST: "10.0.0.1",
			ZIPFERRY_SERVICE_PORT: "8080",
			ZIPFERRY_SERVICE_PORT_HTTP: "8080",
			ZIPFERRY_PORT: "tcp://10.0.0.1:8080",
			ZIPFERRY_PORT_8080_TCP: "tcp://10.0.0.1:8080",
			ZIPFERRY_PORT_8080_TCP_PROTO: "tcp",
			ZIPFERRY_PORT_8080_TCP_PORT: "8080",
			ZIPFERRY_PORT_8080_TCP_ADDR: "10.0.0.1",
			ZIPFERRY_S3_PORT: "tcp://10.0.0.2:9000",
			ZIPFERRY_S3_SERVICE_HOST: "10.0.0.2",
			ZIPFERRY_S3_PROT: "tcp://10.0.0.2:9000",
		};
		expect(strangeVariables(env, [OPTIONS])).toEqual(["no option has the variable ZIPFERRY_S3_PROT"]);
	});
});
