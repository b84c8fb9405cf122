import { DestinationError, messageOf, SourceError, ZipferryError } from "../../errors.ts";
import { errorCode } from "../../sources/files/file-system.ts";
import { ExtractError } from "../extract-error.ts";

/**
 * An error of the system while something was written, as one about the target. What is no error of the system stays as it is.
 *
 * @param path - Of what was to be written.
 */
export function targetError(path: string, error: unknown): unknown {
	if (error instanceof SourceError && error.code === "SOURCE_CHANGED")
		return notThrough(error.origin ?? path, error);
	const code = errorCode(error);
	if (code === undefined || error instanceof ZipferryError) return error;
	// A link is no directory to O_DIRECTORY, and one too many to O_NOFOLLOW.
	if (code === "ENOTDIR" || code === "ELOOP") return notThrough(path, error);
	if (code === "EEXIST")
		return new ExtractError("DESTINATION_EXISTS", `${path} exists already, and is left as it is`, {
			cause: error,
		});
	const [reason] = /^[A-Z0-9_]+: [^,]+/.exec(messageOf(error)) ?? [messageOf(error)];
	return new DestinationError(`cannot write ${path}: ${reason}`, error);
}

function notThrough(path: string, cause: unknown): DestinationError {
	return new DestinationError(
		`cannot write ${path}: a directory there is a link or a file by now, and nothing is written through it`,
		cause,
	);
}
