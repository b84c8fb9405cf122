import type { Advice, AdviceOf } from "./advice.ts";

/** Words that differ between the library and a program around it. */
export interface AdviceWords {
	/** The name of an option. */
	option(name: string): string;
	/** `set …`, as an instruction. */
	setOption(name: string, value: string | true | undefined): string;
	reviewUploads(advice: AdviceOf<"review-uploads">): string;
	abortUpload(advice: AdviceOf<"abort-upload">): string;
	resumeFlow(advice: AdviceOf<"resume-flow">): string;
	addLifecycleRule(advice: AdviceOf<"add-lifecycle-rule">): string;
	writeConfig(): string;
}

export const LIBRARY_WORDS: AdviceWords = {
	option: (name) => name,
	setOption: (name, value) => `set ${name}${value === undefined ? "" : ` to ${value}`}`,
	reviewUploads: () =>
		"listUploads() lists incomplete uploads, abortUploads() removes those that have received no part for a day",
	abortUpload: ({ uploadId }) => `abortUploads() with uploadId "${uploadId}" removes it`,
	resumeFlow: ({ id }) =>
		`what is made is kept: resumeZip() makes the rest, cancelZip() with the id "${id}" removes it`,
	addLifecycleRule: ({ rule }) => `add this to the lifecycle rules of the bucket: ${rule}`,
	writeConfig: () => "write one, or say where it is",
};

/** Advice as one clause, without a full stop. */
export function describeAdvice(advice: Advice, words: AdviceWords = LIBRARY_WORDS): string {
	switch (advice.kind) {
		case "set-option":
			return describeSetting(advice, words);
		case "check-option": {
			const places = [words.option(advice.option), ...advice.places];
			const last = places.pop();
			return `check ${places.length === 0 ? last : `${places.join(", ")} and ${last}`}`;
		}
		case "choose-option":
			return `leave out ${advice.options.map(words.option).join(" or ")}`;
		case "mind-option":
			return `${words.option(advice.option)} ${advice.limit}`;
		case "set-credentials":
			return `set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with ${words.option(advice.option ?? "profile")} or AWS_PROFILE`;
		case "review-uploads":
			return words.reviewUploads(advice);
		case "abort-upload":
			return words.abortUpload(advice);
		case "resume-flow":
			return words.resumeFlow(advice);
		case "add-lifecycle-rule":
			return words.addLifecycleRule(advice);
		case "write-config":
			return words.writeConfig();
		case "grant":
			return `allow ${advice.action} on ${advice.resource}`;
		case "other":
			return advice.text;
	}
}

function describeSetting(advice: AdviceOf<"set-option">, words: AdviceWords): string {
	const { option, value, alternative, variable, example, purpose } = advice;
	const others = [alternative === undefined ? undefined : words.option(alternative), variable];
	const setting = [words.setOption(option, value), ...others.filter((other) => other !== undefined)];
	const such = example === undefined ? "" : `, such as ${example}${purpose === undefined ? "" : ","}`;
	return `${setting.join(" or ")}${such}${purpose === undefined ? "" : ` ${purpose}`}`;
}

/** The parts of something that may come with advice, and the message they make. */
export interface Advised {
	/** The problem and the advice, in the words of the library. */
	readonly message: string;
	/** The message without the advice. */
	readonly problem: string;
	readonly advice: Advice;
}

export function advised(problem: string, advice: Advice): Advised {
	return { message: `${problem}; ${describeAdvice(advice)}`, problem, advice };
}
