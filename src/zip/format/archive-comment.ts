import { InvalidOptionError } from "../../errors.ts";
import { U16_MAX } from "./limits.ts";

/** The signature that readers look for from the end of an archive (APPNOTE 4.3.16). */
const EOCD_SIGNATURE = "PK\x05\x06";

/** @throws {InvalidOptionError} if it cannot stand in the end of central directory record (APPNOTE 4.4.12). */
export function encodeArchiveComment(comment: string): Uint8Array {
	const bytes = Buffer.from(comment, "utf8");
	if (bytes.byteLength > U16_MAX) {
		throw new InvalidOptionError(
			`the archive comment has ${bytes.byteLength} bytes; a ZIP holds at most 65,535`,
		);
	}
	if (bytes.includes(EOCD_SIGNATURE)) {
		throw new InvalidOptionError(
			"the archive comment has the signature PK\\x05\\x06 in it, and readers would take it for the end of the archive",
		);
	}
	return bytes;
}
