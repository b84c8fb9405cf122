import { S3Error } from "../errors.ts";
import type { Query } from "../http/query.ts";

/** Keys as a listing shows them: percent-encoded but for `/` with `encoding-type=url`, else as they are. */
export function keyEncoder(query: Query): (key: string) => string {
	const type = query.get("encoding-type");
	if (type === undefined || type === "") return (key) => key;
	if (type !== "url") throw new S3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
	return (key) => encodeURIComponent(key).replaceAll("%2F", "/");
}
