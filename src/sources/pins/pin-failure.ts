import { SourceError, ZipferryError } from "../../errors.ts";
import { describeFileError } from "../files/describe-file.ts";
import { errorCode } from "../files/file-system.ts";

/** It is not in the state in which it was found when the archive was planned. */
export function otherState(origin: string): SourceError {
	return new SourceError("SOURCE_CHANGED", `${origin} has changed since the archive was planned`, { origin });
}

/** Says of an entry what opening it has failed with. Failures that are not about the entry stay as they are. */
export function pinFailure(error: unknown, origin: string): unknown {
	const code = errorCode(error);
	if (error instanceof ZipferryError || code === undefined) return error;
	if (code === "ENOENT" || code === "ENOTDIR")
		return new SourceError("SOURCE_NOT_FOUND", `${origin} no longer exists`, { origin, cause: error });
	const message = `cannot read ${origin}: ${describeFileError(error)}`;
	return new SourceError("SOURCE_UNREADABLE", message, { origin, cause: error });
}
