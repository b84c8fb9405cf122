import { S3Error } from "../errors.ts";

/** The version of what was put into a bucket that keeps no versions, as all of this server's are. */
export const NO_VERSION = "null";

/** Refuses any version but the one there is. */
export function checkVersionId(versionId: string | undefined): void {
	if (versionId === undefined || versionId === NO_VERSION) return;
	throw new S3Error("InvalidArgument", "Invalid version id specified", {
		ArgumentName: "versionId",
		ArgumentValue: versionId,
	});
}
