import { InvalidOptionError, OptionValueError } from "../../errors.ts";
import { checkFilled } from "../../options/check-filled.ts";
import type { ObjectOptions } from "./object-options.ts";

const HEADERS = [
	"contentType",
	"contentDisposition",
	"cacheControl",
	"storageClass",
	"acl",
	"sse",
	"sseKmsKeyId",
] as const satisfies readonly (keyof ObjectOptions)[];

/**
 * Checks that what is kept with an object can travel in the header of a request, before anything is read:
 * the request that fails is the last one, and nobody can tell then whether it was sent.
 *
 * @throws {InvalidOptionError}
 */
export function checkObjectOptions(options: ObjectOptions): void {
	checkFilled(options, HEADERS);
	for (const name of HEADERS) {
		const value = options[name];
		if (!fitsHeader(value)) throw new OptionValueError(name, `"${value}" ${UNFIT}`);
	}
	const names = new Map<string, string>();
	for (const [name, value] of Object.entries(options.metadata ?? {})) {
		const other = names.get(name.toLowerCase());
		if (other !== undefined)
			throw new InvalidOptionError(
				`metadata "${other}" and "${name}" are one name to the storage, which does not tell case apart; give one of them`,
			);
		names.set(name.toLowerCase(), name);
		// RFC 9110, 5.6.2: token
		if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name))
			throw new InvalidOptionError(`the name "${name}" of metadata cannot be part of a header`);
		if (!fitsHeader(value)) throw new InvalidOptionError(`metadata ${name} "${value}" ${UNFIT}`);
	}
}

const UNFIT = "has characters that a header cannot carry; encode them, as %C3%BC for instance";

function fitsHeader(value: string | undefined): boolean {
	return value === undefined || /^[\t\x20-\x7e]*$/.test(value);
}
