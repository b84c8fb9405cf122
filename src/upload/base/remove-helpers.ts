import pLimit from "p-limit";
import { problemOf } from "../../errors.ts";
import type { Warning } from "../../events.ts";
import type { ObjectAddress } from "../../s3/address.ts";
import type { Connection } from "../../s3/connection.ts";
import { isNotFound } from "../../s3/errors/refusals.ts";
import { headObject } from "../../s3/objects/head-object.ts";
import { deleteOwn } from "../../storage/put/settle/discard.ts";
import type { PinnedObject } from "./pinned-object.ts";

/** Deletions at once. */
const CONCURRENCY = 16;

/** An object of a run that is needed no more; without what is known of it, whatever is under the key. */
export type Helper = ObjectAddress & Partial<Pick<PinnedObject, "etag" | "versionId">>;

/** What is left of helper objects that were to be removed. */
export interface HelpersLeft {
	readonly count: number;
	/** Why the first of them could not be removed. */
	readonly problem: string;
}

/**
 * Deletes objects that runs have made for themselves, several at once; where versions are kept, the very version.
 *
 * @param hurry - Gives it up.
 * @returns `undefined` if none is left.
 */
export async function removeHelpers(
	connection: Connection,
	helpers: readonly Helper[],
	hurry: AbortSignal,
): Promise<HelpersLeft | undefined> {
	const problems = await pLimit(CONCURRENCY).map(helpers, (helper) => removeOne(connection, helper, hurry));
	const left = problems.filter((problem) => problem !== undefined);
	const [problem] = left;
	return problem === undefined ? undefined : { count: left.length, problem };
}

/** @returns why it could not be removed. */
async function removeOne(
	connection: Connection,
	helper: Helper,
	hurry: AbortSignal,
): Promise<string | undefined> {
	try {
		const { etag, versionId } = helper.etag === undefined ? await found(connection, helper, hurry) : helper;
		const outcome = await deleteOwn(connection, helper, { etag, versionId }, hurry);
		const stays = outcome === "hidden" || outcome === "version-left";
		return stays ? `version ${versionId} is locked` : undefined;
	} catch (error) {
		return isNotFound(error) ? undefined : problemOf(error);
	}
}

async function found(connection: Connection, helper: ObjectAddress, hurry: AbortSignal) {
	const head = await headObject(connection, helper, { signal: hurry });
	return { etag: head?.etag, versionId: head?.versionId };
}

/** Tells of temporary objects that are left under a prefix. */
export function warnOfHelpers({ count, problem }: HelpersLeft, origin: string): Warning {
	const [what, takes] =
		count === 1 ? ["1 temporary object", "takes"] : [`${count} temporary objects`, "take"];
	const message = `${what} under ${origin} could not be removed and ${takes} space: ${problem}`;
	return { code: "HELPERS_LEFT", message, origin };
}
