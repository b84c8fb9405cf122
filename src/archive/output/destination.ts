import { DestinationError } from "../../errors.ts";
import { systemReason } from "../../sources/files/describe-file.ts";
import { errorCode } from "../../sources/files/file-system.ts";

/** Tells a failure of the destination from one of the sources. What is no error of the system, as a stop, stays as it is. */
export async function destination<T>(target: string, action: Promise<T>): Promise<T> {
	try {
		return await action;
	} catch (error) {
		if (errorCode(error) === undefined) throw error;
		throw unwritable(target, systemReason(error), error);
	}
}

/** @param name - What errors call the file. */
export function existing(name: string): DestinationError {
	return new DestinationError(`${name} exists already and is left as it is`, undefined, "DESTINATION_EXISTS");
}

export function unwritable(target: string, reason: string, cause?: unknown): DestinationError {
	return new DestinationError(`cannot write ${target}: ${reason}`, cause);
}
