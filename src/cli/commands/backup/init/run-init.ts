import { existsSync } from "node:fs";
import { rename, unlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, extname, isAbsolute, relative, resolve } from "node:path";
import { CONFIG_ENDINGS } from "../../../../backup/config/read/find-config.ts";
import type { KeyTemplate } from "../../../../backup/template/key-template.ts";
import { DestinationError, InvalidOptionError, messageOf } from "../../../../errors.ts";
import { EXIT } from "../../../exit-codes.ts";
import { CONNECT_OPTIONS } from "../../../options/connect-options.ts";
import { settingsOf } from "../../../options/read-values.ts";
import { type Io, writeLine } from "../../../terminal/io.ts";
import { shellWord } from "../../../terminal/shell-word.ts";
import { asInterrupted } from "../../../terminal/signals.ts";
import { runDoctor } from "../../storage/run-doctor.ts";
import { askOrTake, type InitAnswers } from "./ask.ts";
import { configText } from "./config-text.ts";
import type { InitGiven } from "./init-given.ts";
import { schemaPath } from "./schema-path.ts";

const NAME = "zipferry.config";

export async function runInit(given: InitGiven, io: Io): Promise<number> {
	const { values } = given;
	const file = resolve(values.config ?? `${NAME}.yaml`);
	if (![".yaml", ".yml"].includes(extname(file)))
		throw new InvalidOptionError(`init writes YAML: ${shellWord(file)} has to end in .yaml`);
	if (values.force !== true) refuseToReplace(file, values.config !== undefined);
	let answers: InitAnswers;
	try {
		answers = await askOrTake(given, dirname(file), io);
		const text = configText({ ...answers, target: answers.template.text, schema: schemaPath(dirname(file)) });
		await write(file, text, values.force === true);
	} catch (error) {
		throw asInterrupted(error, "nothing was written");
	}
	const shown = shownPath(file);
	if (values.quiet !== true) writeLine(io.stderr, `wrote ${shown}`);
	const say = () => {
		if (values.quiet !== true) for (const line of nextSteps(file, answers)) writeLine(io.stderr, line);
	};
	try {
		const exitCode = values["no-doctor"] === true ? EXIT.ok : await examine(given, answers, io);
		say();
		return exitCode;
	} catch (error) {
		if (!io.signal.aborted) say();
		throw asInterrupted(error, `${shown} is written`);
	}
}

/** @param named - Whether somebody has said that it is to be this file. */
function refuseToReplace(file: string, named: boolean): void {
	const others = CONFIG_ENDINGS.map((ending) => resolve(dirname(file), `${NAME}.${ending}`));
	const there = (named ? [file] : others).find((path) => existsSync(path));
	if (there !== undefined) throw existing(there);
}

function existing(file: string): DestinationError {
	return new DestinationError(
		`${shownPath(file)} exists; use --force to replace it, or --config for another file`,
		undefined,
		"DESTINATION_EXISTS",
	);
}

/** Writes the file as a whole, or not at all. */
async function write(file: string, text: string, force: boolean): Promise<void> {
	const draft = force ? `${file}.${process.pid}.tmp` : file;
	try {
		await writeFile(draft, text, { flag: "wx" });
		if (force) await rename(draft, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") throw existing(draft);
		if (force) await unlink(draft).catch(() => {});
		throw new DestinationError(`cannot write ${shownPath(file)}: ${messageOf(error)}`, error);
	}
}

/** Checks the storage with what the config says of it. */
function examine({ values }: InitGiven, { template, storage }: InitAnswers, io: Io): Promise<number> {
	const { "endpoint-url": endpoint, region } = storage;
	const told = {
		...values,
		json: undefined,
		"endpoint-url": endpoint?.toString(),
		region: region?.toString(),
	};
	const settings = settingsOf(CONNECT_OPTIONS, told);
	return runDoctor({ operands: { url: beginningOf(template) }, values: told, settings }, io);
}

/** The part of the bucket that the archives lie in. */
function beginningOf({ bucket, prefix }: KeyTemplate): string {
	return `s3://${bucket}/${prefix}`;
}

/** What is left to type. */
function nextSteps(file: string, { name, schedule, pingVariable }: InitAnswers): readonly string[] {
	const where =
		relative(process.cwd(), file) === `${NAME}.yaml` ? "" : ` --config ${shellWord(shownPath(file))}`;
	const [, script = ""] = process.argv;
	const folders = new Set([dirname(script), dirname(process.execPath), "/usr/bin", "/bin"]);
	const line = `${schedule} zipferry run --quiet --config ${shellWord(file)} ${name}`.replaceAll("%", "\\%");
	return [
		"next:",
		...(pingVariable === undefined ? [] : [`  export ${pingVariable}=https://…`]),
		`  zipferry run${where} ${name}`,
		"and for cron (crontab -e):",
		`  PATH=${[...folders].join(delimiter)}`,
		// Cron does not have what this shell has.
		...(process.env["AWS_ACCESS_KEY_ID"] ? ["  AWS_ACCESS_KEY_ID=…", "  AWS_SECRET_ACCESS_KEY=…"] : []),
		...(pingVariable === undefined ? [] : [`  ${pingVariable}=https://…`]),
		`  ${line}`,
	];
}

function shownPath(file: string): string {
	const path = relative(process.cwd(), file);
	return path.startsWith("..") || isAbsolute(path) ? file : path;
}
