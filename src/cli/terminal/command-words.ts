import type { Advice } from "../../advice/advice.ts";
import { type AdviceWords, describeAdvice } from "../../advice/advice-in-words.ts";
import { InvalidOptionError, messageOf, ZipferryError } from "../../errors.ts";
import type { Warning } from "../../events.ts";
import { flagOf } from "../options/flag-of.ts";
import { optionWords, shellWord } from "./shell-word.ts";
import { Interrupted } from "./signals.ts";

const COMMAND_WORDS: AdviceWords = {
	option: flagOf,
	setOption: (name, value) =>
		`use ${value === undefined || value === true ? flagOf(name) : optionWords(flagOf(name), value)}`,
	reviewUploads: ({ bucket, key }) =>
		`zipferry uploads ${shellWord(`s3://${bucket}/${key}`)} lists them, and removes with --abort those that have received no part for a day`,
	abortUpload: ({ bucket, key, uploadId }) =>
		`zipferry uploads --abort ${optionWords("--upload-id", uploadId)} ${shellWord(`s3://${bucket}/${key}`)} removes it`,
	resumeFlow: ({ id, manifest }) =>
		`what is made is kept: zipferry submit --resume ${shellWord(manifest)} makes the rest, zipferry cancel ${id} removes it`,
	addLifecycleRule({ bucket, endpoint, rule, hasRules }) {
		// A configuration replaces the one before: this command would destroy the rules that are there.
		if (hasRules) return `add this to the rules the bucket has: ${rule}`;
		const where = endpoint === undefined ? "" : ` --endpoint-url ${shellWord(endpoint)}`;
		const configuration = shellWord(`{"Rules":[${rule}]}`);
		return `aws s3api put-bucket-lifecycle-configuration${where} --bucket ${shellWord(bucket)} --lifecycle-configuration ${configuration}`;
	},
	writeConfig: () => "zipferry init writes one, --config FILE says where it is",
};

/** For jobs of a config, whose settings have the names of the flags. */
export const CONFIG_WORDS: AdviceWords = {
	...COMMAND_WORDS,
	option: (name) => `${flagOf(name).startsWith("--") ? "the setting " : ""}${settingOf(name)}`,
	setOption(name, value) {
		const text = value === undefined || value === true ? "" : `: ${value}`;
		return `set ${name === "as" ? name : settingOf(name)}${text} in the config`;
	},
};

/** Those of the storage of a source are under that source. */
function settingOf(name: string): string {
	const [, ofSources] = /^sourceStorage\.(\w+)$/.exec(name) ?? [];
	return ofSources === undefined ? flagOf(name).replace(/^--/, "") : `storage.${settingOf(ofSources)}`;
}

/** Advice in flags and commands. */
export function adviceInCommands(advice: Advice, words = COMMAND_WORDS): string {
	return describeAdvice(advice, words);
}

/** A warning of the library with its advice in flags and commands. */
export function warningInCommands<Told extends Warning>(warning: Told): Told {
	const { problem, advice } = warning;
	if (problem === undefined || advice === undefined) return warning;
	return { ...warning, message: `${problem}; ${adviceInCommands(advice)}` };
}

/** The message of an error, with options and advice in flags and commands, or in the words of a config. */
export function messageInCommands(error: unknown, words = COMMAND_WORDS): string {
	if (error instanceof Interrupted && error.advice !== undefined)
		return `${error.message}; ${adviceInCommands(error.advice, words)}`;
	if (!(error instanceof ZipferryError)) return messageOf(error);
	const problem = error instanceof InvalidOptionError ? problemWithFlag(error, words) : error.problem;
	return error.advice === undefined ? problem : `${problem}; ${adviceInCommands(error.advice, words)}`;
}

function problemWithFlag(error: InvalidOptionError, words: AdviceWords): string {
	const { option, rule, problem } = error;
	if (option === undefined || rule === undefined) return problem;
	return `${words.option(option)} ${rule}`;
}
