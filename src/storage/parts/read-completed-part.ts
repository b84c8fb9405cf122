import { InvalidOptionError } from "../../errors.ts";
import type { CompletedPart } from "./completed-part.ts";

/** The check of a field of a completed part. */
const FIELDS: { readonly [Name in keyof CompletedPart]: (value: unknown) => boolean } = {
	partNumber: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
	size: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
	etag: (value) => typeof value === "string" && value !== "",
	// Four bytes in base64.
	crc32: (value) =>
		value === undefined || (typeof value === "string" && /^[A-Za-z\d+/]{5}[AQgw]==$/.test(value)),
	md5: (value) => value === undefined || (typeof value === "string" && /^[\da-f]{32}$/.test(value)),
};

/**
 * Reads one completed part from JSON that another process has written.
 *
 * @param index - Where it stands, for the message.
 * @throws {InvalidOptionError} if a field is missing or wrong
 */
export function readCompletedPart(value: unknown, index: number): CompletedPart {
	const part = (value ?? {}) as CompletedPart;
	for (const [name, fits] of Object.entries(FIELDS)) {
		const given = part[name as keyof CompletedPart];
		if (!fits(given))
			throw new InvalidOptionError(
				`the completed part at index ${index} has the ${name} ${JSON.stringify(given)}, which it cannot have`,
			);
	}
	const { partNumber, size, etag, crc32, md5 } = part;
	return { partNumber, size, etag, crc32, md5 };
}
