import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Keys that one answer lists, as S3 does. */
const PAGE_SIZE = 1_000;

/**
 * The files of a folder as the objects of a bucket that can be listed and read.
 *
 * @param name - Of the bucket.
 * @returns What a request finds there: `{ list }`, a document, or `{ object }`, a file.
 */
export function bucketOf({ name, folder }) {
	const objects = new Map(objectsIn(folder).map((object) => [object.key, object]));
	const keys = [...objects.keys()].sort();
	return {
		find(method, { pathname, searchParams }) {
			const [, bucket, ...rest] = pathname.split("/");
			const key = decodeURIComponent(rest.join("/"));
			if (bucket !== name || !["GET", "HEAD"].includes(method)) return undefined;
			if (searchParams.has("list-type")) return { list: page(name, keys, objects, searchParams) };
			return { object: objects.get(key) };
		},
	};
}

function objectsIn(folder) {
	return readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((item) => item.isFile())
		.map((item) => {
			const file = join(item.parentPath ?? item.path, item.name);
			const key = relative(folder, file);
			return {
				key,
				file,
				size: statSync(file).size,
				etag: Buffer.from(key).toString("hex").padStart(32, "0"),
			};
		});
}

/** One page of the list; a token is the number of the key to go on with. */
function page(name, keys, objects, searchParams) {
	const prefix = searchParams.get("prefix") ?? "";
	const wanted = keys.filter((key) => key.startsWith(prefix));
	const start = Number(searchParams.get("continuation-token") ?? 0);
	const end = start + Math.min(PAGE_SIZE, Number(searchParams.get("max-keys") ?? PAGE_SIZE));
	const contents = wanted.slice(start, end).map((key) => {
		const { size, etag } = objects.get(key);
		return `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"${etag}"</ETag><Size>${size}</Size></Contents>`;
	});
	const more = end < wanted.length;
	return [
		`<?xml version="1.0"?><ListBucketResult><Name>${name}</Name><Prefix>${prefix}</Prefix>`,
		`<KeyCount>${contents.length}</KeyCount><IsTruncated>${more}</IsTruncated>`,
		more ? `<NextContinuationToken>${end}</NextContinuationToken>` : "",
		...contents,
		"</ListBucketResult>",
	].join("");
}
