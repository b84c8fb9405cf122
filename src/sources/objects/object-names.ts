import { SourceError } from "../../errors.ts";
import { checkEntryName } from "../../zip/format/entry-name.ts";
import { InvalidEntryNameError } from "../../zip/format/entry-name-errors.ts";

const LEAVE_OUT = {
	kind: "set-option",
	option: "exclude",
	alternative: "skipErrors",
	purpose: "to leave it out",
} as const;
const SKIP = { kind: "set-option", option: "skipErrors", value: true, purpose: LEAVE_OUT.purpose } as const;

/**
 * Refuses keys that cannot be names in an archive, though a bucket has no objection to them: tools that extract would write outside of
 * their folder, or make one name of two.
 *
 * @throws {SourceError} `SOURCE_UNREADABLE`
 */
export function checkKey(name: Uint8Array, origin: string): void {
	try {
		checkEntryName(name);
	} catch (cause) {
		if (!(cause instanceof InvalidEntryNameError)) throw cause;
		const problem = `the key of ${origin} cannot be a name in an archive: ${cause.problem}`;
		throw new SourceError("SOURCE_UNREADABLE", problem, { origin, cause, advice: LEAVE_OUT });
	}
}

/**
 * Refuses an object that stands for a directory and has data, which a directory in an archive cannot have.
 *
 * @param path - The key behind the prefix.
 * @throws {SourceError} `SOURCE_UNREADABLE`
 */
export function checkMarker(path: string, size: number, origin: string): void {
	if (size === 0) return;
	const problem = `${origin} has ${size} bytes of content, though the "/" at its end makes it a directory`;
	const advice = path === "" ? SKIP : LEAVE_OUT; // no filter is about the prefix itself
	throw new SourceError("SOURCE_UNREADABLE", problem, { origin, advice });
}
