import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { KeyTemplate } from "../../../../backup/template/key-template.ts";
import { InvalidOptionError } from "../../../../errors.ts";
import { keepPolicyOf } from "../../../options/backup/keep-policy-of.ts";
import { type Io, writeLine } from "../../../terminal/io.ts";
import { canAsk, Questions } from "../../../terminal/questions.ts";
import {
	nameOf,
	readEndpoint,
	readKeep,
	readName,
	readPingVariable,
	readSchedule,
	readSource,
	readTarget,
	USUAL_KEEP,
} from "./answers.ts";
import type { ConfigAnswers } from "./config-text.ts";
import type { InitGiven } from "./init-given.ts";

/** All that was answered. */
export interface InitAnswers extends Omit<ConfigAnswers, "target" | "schema"> {
	readonly template: KeyTemplate;
}

const USUAL_TIME = "02:30";
const NO_ANSWER = "";

/**
 * Takes answers from options, and asks for the others.
 *
 * @param directory - That the config will be in.
 * @throws {InvalidOptionError} if there is nobody to ask
 */
export async function askOrTake(given: InitGiven, directory: string, io: Io): Promise<InitAnswers> {
	const { values } = given;
	if (values.yes !== true && !canAsk(io))
		throw new InvalidOptionError(
			"init asks questions on a terminal; without one, use --yes with --source and --target",
		);
	const questions = values.yes === true ? undefined : new Questions(io);
	try {
		const sources = await sourcesOf(given, questions, io);
		const [first = "backup"] = sources;
		const name = await answer(questions, values.name, nameOf(first), "What is it called?", readName);
		const template = await answer(
			questions,
			values.target,
			undefined,
			"Where to? s3://bucket/folder",
			(typed) => readTarget(typed, name),
		);
		const storage = await storageOf(given, questions);
		const keep = await keepOf(given, questions);
		const schedule = await answer(
			questions,
			values.schedule,
			USUAL_TIME,
			"When? A time, or cron expression.",
			readSchedule,
		);
		const pingVariable = await answer(
			questions,
			values["ping-variable"],
			NO_ANSWER,
			"Variable with a ping URL? Or nothing.",
			readPingVariable,
		);
		return {
			name,
			sources: sources.map((source) => fromDirectory(source, directory)),
			template,
			storage,
			keep,
			schedule,
			timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
			pingVariable,
		};
	} finally {
		questions?.close();
	}
}

/** An option, or the answer to a question, or what nothing stands for. */
async function answer<Answer>(
	questions: Questions | undefined,
	option: string | undefined,
	fallback: string | undefined,
	text: string,
	read: (typed: string) => Answer,
): Promise<Answer> {
	if (option !== undefined) return read(option);
	if (questions === undefined && fallback !== undefined) return read(fallback);
	if (questions === undefined) throw new InvalidOptionError("--yes needs --source and --target");
	return questions.ask({ text, fallback: fallback === NO_ANSWER ? undefined : fallback, read });
}

async function sourcesOf(
	{ values }: InitGiven,
	questions: Questions | undefined,
	io: Io,
): Promise<readonly string[]> {
	if (values.source !== undefined) return values.source.map(readSource);
	if (questions === undefined) throw new InvalidOptionError("--yes needs --source and --target");
	const sources: string[] = [];
	for (;;) {
		const isFirst = sources.length === 0;
		const text = isFirst ? "What to back up? A path." : "What else? Or nothing.";
		const source = await questions.ask({ text, read: (typed) => (isFirst ? readSource(typed) : typed) });
		if (source === "") return sources;
		sources.push(source);
		if (!source.startsWith("~") && !existsSync(source))
			writeLine(io.stderr, "  there is nothing at that path yet");
	}
}

/** Settings of the storage that the config gets. What the environment says is among them: cron has another one. */
async function storageOf(
	{ values }: InitGiven,
	questions: Questions | undefined,
): Promise<Readonly<Record<string, string | boolean>>> {
	const { env } = process;
	const profile = values.profile ?? (env["AWS_ACCESS_KEY_ID"] ? undefined : env["AWS_PROFILE"] || undefined);
	const isKnown = values.provider !== undefined || profile !== undefined;
	const usual = env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || NO_ANSWER;
	const endpoint = isKnown
		? readEndpoint(values["endpoint-url"] ?? usual)
		: await answer(
				questions,
				values["endpoint-url"],
				usual,
				"URL of the storage? Nothing for AWS.",
				readEndpoint,
			);
	const here = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || NO_ANSWER;
	const readRegion = (typed: string) => typed || undefined;
	const region =
		isKnown || endpoint !== undefined
			? readRegion(values.region ?? here)
			: await answer(questions, values.region, here, "Which region? Such as eu-central-1.", readRegion);
	const { provider, account, "path-style": pathStyle, "ca-file": caFile } = values;
	const storage = {
		"endpoint-url": endpoint,
		region,
		profile,
		provider,
		account,
		"path-style": pathStyle,
		"ca-file": caFile === undefined ? undefined : resolve(caFile),
	};
	return Object.fromEntries(
		Object.entries(storage).filter((entry): entry is [string, string | boolean] => entry[1] !== undefined),
	);
}

async function keepOf(
	{ values }: InitGiven,
	questions: Questions | undefined,
): Promise<Readonly<Record<string, string>>> {
	keepPolicyOf(values); // refuses what makes no sense
	const given = Object.entries(values).flatMap(([option, value]) => {
		const [, rule] = /^keep-(.+)$/.exec(option) ?? [];
		return rule === undefined || typeof value !== "string" ? [] : [[rule, value] as const];
	});
	if (given.length > 0) return Object.fromEntries(given);
	const text = "Days, weeks, months to keep, or all?";
	return answer(questions, undefined, USUAL_KEEP.join(" "), text, readKeep);
}

/** A path as it is from there; those that begin elsewhere stay as they are. */
function fromDirectory(source: string, directory: string): string {
	if (source.startsWith("~") || source.startsWith("/")) return source;
	return relative(process.cwd(), directory) === "" ? source : resolve(source);
}
