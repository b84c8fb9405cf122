import { factsOf } from "../../s3/errors/refusals.ts";

/** Ceph says NoSuchKey where AWS says NoSuchUpload. A 404 without either may be anybody's page. */
const GONE: ReadonlySet<string> = new Set(["NoSuchUpload", "NoSuchKey"]);

/** Whether a request was refused because its upload does not exist, or no longer. */
export function isUnknownUpload(error: unknown): boolean {
	return GONE.has(factsOf(error).serverCode ?? "");
}
