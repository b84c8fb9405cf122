import { MiB } from "../../bytes/units.ts";
import { allowedOf, defaultOf } from "../../options/field.ts";
import { SIZE_RULE } from "../../options/size.ts";
import { USUAL_CONCURRENCY } from "../../storage/parts/part-memory.ts";
import { TRANSPORT_NAMES, UPLOAD_SCHEMA, UPLOAD_VERIFY_LEVELS } from "../../upload/options.ts";
import { table } from "./option.ts";

/** How an archive is sent. */
const TRANSFER_OPTIONS = table({
	"part-size": {
		group: "Storage",
		kind: "size",
		sets: "partSize",
		leastPlain: 5 * MiB,
		describe: `Size of the parts of the upload, such as 16M (${SIZE_RULE}); the upload holds --concurrency + 1 of them; default: planned from the sources`,
	},
	"expected-size": {
		group: "Storage",
		kind: "size",
		sets: "expectedSize",
		leastPlain: MiB,
		describe: `Plan parts for an archive of up to this size, such as 2T (${SIZE_RULE}), if the size of a source is unknown`,
	},
	resume: {
		group: "Storage",
		kind: "flag",
		sets: "resume",
		describe: "Resume the incomplete upload of an earlier run, and keep the parts if this run fails",
	},
	concurrency: {
		group: "Storage",
		kind: "number",
		sets: "concurrency",
		allowed: allowedOf(UPLOAD_SCHEMA.fields.concurrency),
		describe: `Parts to send at once: ${allowedOf(UPLOAD_SCHEMA.fields.concurrency)}; default: ${USUAL_CONCURRENCY}, or fewer if they are larger than usual`,
	},
	bwlimit: {
		group: "Storage",
		kind: "bandwidth",
		sets: "bandwidthLimit",
		describe: `Send at most this many bytes per second, such as 10M (${SIZE_RULE}), or follow a timetable in local time, such as "08:00,512k 19:00,10M 23:00,off"`,
	},
	transport: {
		group: "Storage",
		kind: "choice",
		sets: "transport",
		choices: TRANSPORT_NAMES,
		default: defaultOf(UPLOAD_SCHEMA, "transport"),
		describe: "Send parts with zipferry itself, or with the Upload of the AWS SDK",
	},
	verify: {
		group: "Storage",
		kind: "choice",
		sets: "verify",
		choices: UPLOAD_VERIFY_LEVELS,
		describe:
			"Read the archive back when it is there: structure with a few requests, or all its content; a damaged one is deleted (exit code 7)",
	},
	"no-clobber": {
		group: "Storage",
		kind: "flag",
		sets: "noClobber",
		describe: "Fail with exit code 9 if an object with this key exists",
	},
});

/** Options about the object, apart from its bytes. */
const OBJECT_OPTIONS = table({
	"content-type": {
		group: "Object",
		kind: "text",
		sets: "contentType",
		describe: `Media type; default: ${defaultOf(UPLOAD_SCHEMA, "contentType")}`,
	},
	"content-disposition": {
		group: "Object",
		kind: "text",
		sets: "contentDisposition",
		describe: "Header that tells browsers how to save it",
	},
	"cache-control": {
		group: "Object",
		kind: "text",
		sets: "cacheControl",
		describe: "Header that tells caches how long to keep it",
	},
	metadata: {
		group: "Object",
		kind: "pairs",
		sets: "metadata",
		describe: "User metadata as key=value; may be repeated",
	},
	tags: {
		group: "Object",
		kind: "pairs",
		sets: "tags",
		describe: "Tag of the object as key=value; may be repeated, up to ten times",
	},
	"storage-class": {
		group: "Object",
		kind: "text",
		sets: "storageClass",
		describe: "Storage class, such as STANDARD_IA",
	},
	acl: { group: "Object", kind: "text", sets: "acl", describe: "Canned ACL, such as private" },
	sse: {
		group: "Object",
		kind: "text",
		sets: "sse",
		describe: "Server-side encryption: AES256 or aws:kms",
	},
	"sse-kms-key-id": {
		group: "Object",
		kind: "text",
		sets: "sseKmsKeyId",
		needs: { option: "sse", values: ["aws:kms", "aws:kms:dsse"] },
		describe: "Key for --sse aws:kms",
	},
});

/** Options of commands that put an object into a bucket. */
export const PUT_OPTIONS = table({ ...TRANSFER_OPTIONS, ...OBJECT_OPTIONS });
