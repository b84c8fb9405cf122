import { createHash } from "node:crypto";
import type { HeaderReader } from "./conditions/conditions.ts";
import type { Download } from "./download.ts";

type Stateful = Pick<Download, "version" | "settled">;

/** What a link carries of the state of a download. While a change might leave no trace, it is a version of that time. */
export function linkVersion({ version, settled }: Stateful): string | undefined {
	return version === undefined || settled ? version : unsettled(version);
}

/**
 * Whether a link is of another state, and the request does not say by itself which state it is about: with `If-Range` the client gets the
 * new archive, or more of it if it has begun with that.
 *
 * A link that was made while a change might have left no trace leads to the whole. Nobody knows what a client was given that goes on with it.
 *
 * @param given - What the link carries; empty text for nothing.
 */
export function isStale(given: string, { version, settled }: Stateful, header: HeaderReader): boolean {
	if (given === "" || given === version) return false;
	const isRange = header("range") !== undefined;
	if (version !== undefined && given === unsettled(version) && !(settled && isRange)) return false;
	const isGuarded = isRange && header("if-range") !== undefined;
	return !isGuarded && header("if-match") === undefined;
}

/** As many hex digits as the version. */
function unsettled(version: string): string {
	return createHash("sha256").update(`unsettled ${version}`).digest("hex").slice(0, version.length);
}
