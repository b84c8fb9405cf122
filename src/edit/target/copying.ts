import { InvalidOptionError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import type { PinnedObject } from "../../upload/base/pinned-object.ts";

/** Whether the storage copies ranges of objects into parts. */
export function copiesRanges({ provider }: Connection): boolean {
	return provider.unequalParts;
}

/**
 * Refuses to replace an archive where nothing can be undone: a new one is put beside the old one and copied over it, or the bucket has
 * to keep the old one as a version.
 *
 * @param there - What is under the key.
 * @throws {InvalidOptionError}
 */
export function refuseIrreplaceable(there: PinnedObject | undefined, connection: Connection): void {
	if (there === undefined || there.versionId !== undefined || copiesRanges(connection)) return;
	const { name } = connection.provider;
	const why =
		name === "generic"
			? "nobody knows whether this storage can copy parts of objects"
			: `provider ${name} cannot copy parts of different sizes`;
	const problem = `s3://${there.bucket}/${there.key} cannot be replaced safely: its bucket keeps no versions, and ${why}`;
	throw new InvalidOptionError(problem, {
		advice:
			name === "generic"
				? { kind: "set-option", option: "provider", purpose: "if it is one of the known ones" }
				: { kind: "other", text: "merge it into an archive of another name" },
	});
}
