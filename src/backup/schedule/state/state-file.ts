import { open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import * as v from "valibot";
import { DestinationError, messageOf } from "../../../errors.ts";
import { errorCode } from "../../../sources/files/file-system.ts";
import { fileToReplace } from "../../../sources/files/file-to-replace.ts";
import { makeDirectories } from "../../../sources/files/make-directories.ts";
import { SCHEDULE_STATE, type ScheduleState } from "./schedule-state.ts";

/** Where the state of a schedule is kept, for the next process. */
export interface StateFile {
	/**
	 * @returns `undefined` if there is none yet
	 * @throws {Error} if it cannot be read, or makes no sense
	 */
	read(): Promise<ScheduleState | undefined>;
	/**
	 * Replaces it as a whole.
	 *
	 * @throws {DestinationError}
	 */
	write(state: ScheduleState): Promise<void>;
}

export function stateFile(path: string): StateFile {
	let last: Promise<unknown> = Promise.resolve();
	return {
		read: () => readState(path),
		write(state) {
			const text = `${JSON.stringify(state, undefined, "\t")}\n`;
			// One after the other, so that the latest one stays.
			const written = last.then(() => replaceFile(path, text));
			last = written.catch(() => {});
			return written;
		},
	};
}

async function readState(path: string): Promise<ScheduleState | undefined> {
	let text: string;
	try {
		text = await readFile(await fileToReplace(path), "utf8");
	} catch (error) {
		if (errorCode(error) === "ENOENT") return undefined;
		throw new Error(`cannot read ${path}: ${messageOf(error)}`, { cause: error });
	}
	try {
		return v.parse(SCHEDULE_STATE, JSON.parse(text));
	} catch (error) {
		throw new Error(`${path} is no state of a schedule`, { cause: error });
	}
}

/** With the name of the process in it: a second one spoils nothing. */
async function replaceFile(path: string, text: string): Promise<void> {
	let draft: string | undefined;
	try {
		const target = await fileToReplace(path);
		draft = `${target}.${process.pid}.new`;
		await makeDirectories(dirname(target), 0o700);
		const file = await open(draft, "w", 0o600);
		try {
			await file.writeFile(text);
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(draft, target);
	} catch (error) {
		if (draft !== undefined) await rm(draft, { force: true }).catch(() => {});
		throw new DestinationError(
			`cannot write the state of the schedule to ${path}: ${messageOf(error)}`,
			error,
		);
	}
}
