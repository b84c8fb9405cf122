import type { Observation } from "./observe.ts";
import type { Previous } from "./scenario.ts";

/** How a run ended, in the words of the table. */
export type Verdict =
	| "published"
	| "published, but an upload is left"
	| "reports success, but the object is missing"
	| "reports success, but the object is damaged"
	| "fails, nothing left"
	| "fails, names the upload it could not remove"
	| "fails, an upload is left"
	| "fails, the wrong object is deleted"
	| "fails, though the object is there"
	| "fails, says that the object is there unchecked"
	| "fails, a damaged object is left"
	| "hangs"
	| "hangs, an upload is left"
	| "is not concerned";

const UNCHANGED = { other: "previous", same: "new", none: "none" } as const;

/** Sums up what was seen. */
export function verdictOf(seen: Observation, previous: Previous = "other"): Verdict {
	const { exitCode, object, uploads, stderr } = seen;
	if (exitCode === undefined) return uploads.length > 0 ? "hangs, an upload is left" : "hangs";
	if (exitCode === 0) {
		if (object === "other") return "reports success, but the object is damaged";
		if (object !== "new") return "reports success, but the object is missing";
		return uploads.length > 0 ? "published, but an upload is left" : "published";
	}
	if (object === "other") return "fails, a damaged object is left";
	if (uploads.length > 0) {
		const named = uploads.every((id) => stderr.includes(id));
		return named ? "fails, names the upload it could not remove" : "fails, an upload is left";
	}
	if (object === UNCHANGED[previous]) return "fails, nothing left";
	if (object !== "new") return "fails, the wrong object is deleted";
	return /the object is probably there/.test(stderr)
		? "fails, says that the object is there unchecked"
		: "fails, though the object is there";
}
