import { describe, expect, it } from "vitest";
import type { Advice } from "../../../src/advice/advice.ts";
import {
	adviceInCommands,
	CONFIG_WORDS,
	messageInCommands,
	warningInCommands,
} from "../../../src/cli/terminal/command-words.ts";
import { InvalidOptionError, StorageError } from "../../../src/errors.ts";

describe("adviceInCommands", () => {
	it.each<[string, Advice, string]>([
		["an option", { kind: "set-option", option: "endpoint" }, "use --endpoint-url"],
		["an option and its value", { kind: "set-option", option: "region", value: "eu-1" }, "use --region eu-1"],
		["a flag", { kind: "set-option", option: "pathStyle", value: true }, "use --path-style"],
		[
			"an option without a regular name",
			{ kind: "mind-option", option: "bandwidthLimit", limit: "is late" },
			"--bwlimit is late",
		],
		[
			"options that exclude each other",
			{ kind: "choose-option", options: ["transport", "resume"] },
			"leave out --transport or --resume",
		],
		[
			"a key with special characters",
			{ kind: "review-uploads", bucket: "demo", key: "it's $HOME.zip" },
			"zipferry uploads 's3://demo/it'\\''s $HOME.zip' lists them, and removes with --abort those that have received no part for a day",
		],
		[
			"an upload",
			{ kind: "abort-upload", bucket: "b", key: "k", uploadId: "a$b" },
			"zipferry uploads --abort --upload-id 'a$b' s3://b/k removes it",
		],
		[
			"a region that a server has made up",
			{ kind: "set-option", option: "region", value: "x; rm -rf ~" },
			"use --region 'x; rm -rf ~'",
		],
		[
			"an upload whose id looks like an option",
			{ kind: "abort-upload", bucket: "b", key: "k", uploadId: "--abort" },
			"zipferry uploads --abort --upload-id=--abort s3://b/k removes it",
		],
		[
			"a word that zsh takes for a program",
			{ kind: "abort-upload", bucket: "b", key: "k", uploadId: "=ls" },
			"zipferry uploads --abort --upload-id '=ls' s3://b/k removes it",
		],
		[
			"a bucket without rules, which the command cannot destroy",
			{
				kind: "add-lifecycle-rule",
				bucket: "b",
				endpoint: "https://s3.example.com",
				rule: '{"ID":"x"}',
				hasRules: false,
			},
			`aws s3api put-bucket-lifecycle-configuration --endpoint-url https://s3.example.com --bucket b --lifecycle-configuration '{"Rules":[{"ID":"x"}]}'`,
		],
		[
			"a bucket with rules",
			{ kind: "add-lifecycle-rule", bucket: "b", endpoint: undefined, rule: '{"ID":"x"}', hasRules: true },
			'add this to the rules the bucket has: {"ID":"x"}',
		],
	])("has words for %s", (_what, advice, words) => {
		expect(adviceInCommands(advice)).toBe(words);
	});
});

describe("a message with advice", () => {
	const advice = { kind: "set-option", option: "caFile", purpose: "to trust its authority" } as const;

	it("has the words of the library in the library, and flags on the command line", () => {
		const error = new StorageError("NETWORK", "the certificate is self-signed", { advice });
		expect(error.message).toBe("the certificate is self-signed; set caFile to trust its authority");
		expect(error).toMatchObject({ problem: "the certificate is self-signed", advice });
		expect(messageInCommands(error)).toBe(
			"the certificate is self-signed; use --ca-file to trust its authority",
		);
	});

	it("keeps everything else of a warning", () => {
		const warning = {
			code: "SIZE_UNKNOWN",
			message: "p; set caFile",
			problem: "p",
			advice,
			origin: "o",
		} as const;
		expect(warningInCommands(warning)).toEqual({
			...warning,
			message: "p; use --ca-file to trust its authority",
		});
	});

	it("name a source as a command line does, or a config", () => {
		const error = new InvalidOptionError("https://host/ has no file name", {
			advice: { kind: "set-option", option: "as", purpose: "to give it a name in the archive" },
		});
		expect(messageInCommands(error)).toBe(
			"https://host/ has no file name; use NAME= in front of it to give it a name in the archive",
		);
		expect(messageInCommands(error, CONFIG_WORDS)).toBe(
			"https://host/ has no file name; set as in the config to give it a name in the archive",
		);
	});

	it("stays as it is without advice", () => {
		expect(messageInCommands(new Error("plain"))).toBe("plain");
		expect(messageInCommands("thrown")).toBe("thrown");
	});
});

describe("advice about a job of a config", () => {
	it("is given in settings", () => {
		expect(
			adviceInCommands(
				{ kind: "set-option", option: "lockWait", example: "10m", purpose: "to wait for it" },
				CONFIG_WORDS,
			),
		).toBe("set lock-wait in the config, such as 10m, to wait for it");
		expect(adviceInCommands({ kind: "set-option", option: "region", value: "eu-1" }, CONFIG_WORDS)).toBe(
			"set region: eu-1 in the config",
		);
		expect(adviceInCommands({ kind: "set-credentials" }, CONFIG_WORDS)).toMatch(
			/ name a profile with the setting profile or AWS_PROFILE$/,
		);
	});
});
