import { parseDuration } from "../../../options/duration.ts";
import { parseShare } from "../../../options/share.ts";
import { parseSize } from "../../../options/size.ts";
import type { DirectoryMarker } from "../../../sources/files/markers.ts";
import { parseBandwidth } from "../../../storage/parts/bandwidth-limit.ts";
import type { JobUpload } from "../../job.ts";
import type { JobConfig } from "../written/job-config.ts";
import type { ArchiveConfig, ObjectConfig, StorageConfig } from "../written/upload-config.ts";
import { listed } from "./listed.ts";
import type { LocalPaths } from "./local-paths.ts";
import { storageSettings } from "./storage-settings.ts";

/** Names that the library has for the settings of an upload. */
export const LIBRARY_NAMES: Readonly<Record<keyof (StorageConfig & ArchiveConfig & ObjectConfig), string>> = {
	"endpoint-url": "endpoint",
	region: "region",
	profile: "profile",
	provider: "provider",
	account: "account",
	"path-style": "pathStyle",
	"connect-timeout": "connectTimeoutMs",
	"read-timeout": "readTimeoutMs",
	"retry-time": "retryTimeMs",
	"ca-file": "caFile",
	credentials: "credentials",
	exclude: "exclude",
	include: "include",
	"exclude-from": "exclude",
	"exclude-larger-than": "excludeLargerThan",
	"exclude-caches": "excludeCaches",
	"exclude-if-present": "excludeIfPresent",
	"one-file-system": "oneFileSystem",
	symlinks: "symlinks",
	"skip-errors": "skipErrors",
	"read-ahead": "readAhead",
	"read-ahead-size": "readAheadSize",
	"skip-missing": "skipMissing",
	strict: "strict",
	"allow-empty": "allowEmpty",
	"portable-names": "portableNames",
	method: "method",
	level: "level",
	hash: "hash",
	comment: "comment",
	mtime: "mtime",
	"part-size": "partSize",
	"expected-size": "expectedSize",
	concurrency: "concurrency",
	bwlimit: "bandwidthLimit",
	transport: "transport",
	"content-type": "contentType",
	"content-disposition": "contentDisposition",
	"cache-control": "cacheControl",
	metadata: "metadata",
	tags: "tags",
	"storage-class": "storageClass",
	acl: "acl",
	sse: "sse",
	"sse-kms-key-id": "sseKmsKeyId",
};

/** The settings of an upload, by their names in the library; those that are not written have its defaults. */
export function uploadSettings(job: JobConfig, patterns: readonly string[], paths: LocalPaths): JobUpload {
	const size = (text: number | string | undefined) => given(text, (value) => parseSize("", String(value)));
	const time = (text: number | string | undefined) =>
		given(text, (value) => parseDuration("", String(value)));
	const excluded = [...listed(job.exclude), ...patterns];
	const settings: JobUpload = {
		blockingReads: true, // a run has nothing else to do
		...storageSettings(job, paths),
		retryTimeMs: time(job["retry-time"]),
		exclude: excluded.length === 0 ? undefined : excluded,
		include: given(job.include, listed),
		excludeLargerThan: size(job["exclude-larger-than"]),
		excludeCaches: job["exclude-caches"],
		excludeIfPresent: given(job["exclude-if-present"], (names) => listed(names).map(markerOf)),
		oneFileSystem: job["one-file-system"],
		symlinks: job.symlinks,
		skipErrors: job["skip-errors"],
		readAhead: job["read-ahead"],
		readAheadSize: size(job["read-ahead-size"]),
		skipMissing: job["skip-missing"],
		strict: job.strict,
		allowEmpty: job["allow-empty"],
		portableNames: job["portable-names"],
		method: job.method,
		level: job.level,
		hash: job.hash,
		comment: job.comment,
		mtime: job.mtime,
		partSize: size(job["part-size"]),
		expectedSize: size(job["expected-size"]),
		concurrency: job.concurrency,
		bandwidthLimit: given(job.bwlimit, (value) => parseBandwidth("", String(value))),
		transport: job.transport,
		contentType: job["content-type"],
		contentDisposition: job["content-disposition"],
		cacheControl: job["cache-control"],
		metadata: job.metadata,
		tags: job.tags,
		storageClass: job["storage-class"],
		acl: job.acl,
		sse: job.sse,
		sseKmsKeyId: job["sse-kms-key-id"],
		...comparison(job.rolling),
	};
	return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as JobUpload; // fewer
}

/** How files are compared with those of the base. */
function comparison(rolling: JobConfig["rolling"]): JobUpload {
	if (typeof rolling !== "object") return {};
	return {
		baseCheck: rolling["base-check"],
		ignoreCtime: rolling["ignore-ctime"],
		joinRuns: rolling["join-runs"],
		verifySample: given(rolling["verify-sample"], (value) => parseShare("", String(value))),
	};
}

function given<Written, Read>(
	written: Written | undefined,
	read: (written: Written) => Read,
): Read | undefined {
	return written === undefined ? undefined : read(written);
}

/** `FILE`, or `FILE:START`. */
function markerOf(text: string): DirectoryMarker {
	const at = text.indexOf(":");
	return at < 0 ? { name: text } : { name: text.slice(0, at), header: text.slice(at + 1) };
}
