import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { memoryCrcCache } from "../../src/archive/layout/crc/memory-crc-cache.ts";
import { CREATE_ZIP_SCHEMA, ZIP_SCHEMA } from "../../src/archive/options.ts";
import { EXAMINE_SCHEMA } from "../../src/doctor/options.ts";
import { APPEND_SCHEMA, MERGE_SCHEMA, REMOVE_SCHEMA } from "../../src/edit/options.ts";
import { InvalidOptionError } from "../../src/errors.ts";
import { EXTRACT_SCHEMA } from "../../src/extract/options.ts";
import { DESCRIBE_DOWNLOAD_SCHEMA } from "../../src/http/options.ts";
import { OPEN_ARCHIVE_SCHEMA } from "../../src/reader/options.ts";
import { ENTRY_SCHEMA } from "../../src/sources/generated/entry-schema.ts";
import { ARCHIVED_SCHEMA, PATH_LIST_SCHEMA, PATH_SCHEMA, URL_SCHEMA } from "../../src/sources/options.ts";
import { ABORT_UPLOADS_SCHEMA, LIST_UPLOADS_SCHEMA } from "../../src/storage/incomplete/options.ts";
import { UPLOAD_SCHEMA } from "../../src/upload/options.ts";
import { type AnySchema, refusalOf, resolve } from "./any-schema.ts";

const KEYS = { accessKeyId: "id", secretAccessKey: "secret" };
/** Of a day in 2026; as milliseconds, they would be one in 1970. */
const SECONDS = 1_769_860_800;

/** Further values that are taken. */
const ALSO_TAKEN: Readonly<Record<string, readonly unknown[]>> = {
	content: [
		Buffer.alloc(1),
		new Float64Array(1),
		new DataView(new ArrayBuffer(1)),
		new ArrayBuffer(1),
		new SharedArrayBuffer(1),
		new Blob(["a"]),
		new File(["a"], "a.txt"),
		[],
		Promise.resolve("a"),
		() => "a",
	],
	credentials: [{ ...KEYS, sessionToken: "token", expiration: new Date() }, async () => KEYS],
	endpoint: [new URL("https://s3.example.com")],
	mtime: [new Date("1601-01-01"), SECONDS * 1000, "2026-01-31", "2026-01-31T12:00:00+01:00"],
};

/** A value that is taken, then values that are not. `null`, a symbol and a misspelt name are never taken. */
const VALUES: Readonly<Record<string, readonly [unknown, ...unknown[]]>> = {
	acl: ["private", "", "ü", 1],
	account: ["4f2a9c", "", 1],
	allowEmpty: [true, "true", 1],
	as: ["", 1],
	base: [
		"s3://my-bucket/mon.zip",
		"",
		"mon.zip",
		"s3://my-bucket",
		"s3://my-bucket/a/",
		"https://my-bucket/a",
		1,
	],
	baseCheck: ["content", "ctime", "", 1],
	baseVersionId: ["id", "", 1],
	bandwidthLimit: [1000, "10M", 999, Number.NaN, Number.POSITIVE_INFINITY, [], {}],
	blockingReads: [true, "true", 1],
	bucket: ["my-bucket", "", "De mo", "ab", "a..b", "192.168.1.1", 1],
	cacheControl: ["no-store", "", "ü", 1],
	caFile: ["ca.pem", "", 1],
	readAhead: [512, 0, 513, 1.5, "64"],
	readAheadSize: [0, -1, 1.5, "32M"],
	below: ["a/b", "", "..", "a//b", "a/./b", 1],
	url: ["s3://bucket/prefix/", "", 1, {}],
	archive: ["a.zip", "", 1, {}],
	entry: ["a/b", "", 1],
	storage: [{ profile: "other" }, "other", { profile: "" }, { endpoint: 1 }],
	filename: ["Ferien.zip", "", 1],
	version: ["4f2a9c", 1],
	headers: [{ "x-from": "a" }, "x-from: a", { "x-from": 1 }, { "x-from": "a\r\nb" }],
	lastModified: [new Date(0), new Date(Number.NaN), 0, "yesterday"],
	crcCache: [memoryCrcCache(), {}, "cache.bin", 1],
	skipMissing: [true, "true", 1],
	sourceStorage: [
		{ endpoint: "https://s3.example.com", profile: "other" },
		"other",
		{ profile: "" },
		{ endpoint: 1 },
		{ provider: "none" },
	],
	client: [new S3Client({ region: "x" }), {}, "client"],
	comment: ["", 1, "x".repeat(65_536)],
	compressConcurrency: [256, 0, 257, 1.5, "4", Number.NaN],
	concurrency: [64, 0, 65, 1.5, "4", Number.NaN, Number.POSITIVE_INFINITY],
	connectTimeoutMs: [1, 0, 3_600_001, "10s", Number.NaN],
	content: ["", 1, {}, true, new Date(0)],
	contentDisposition: ["inline", "", "ü", 1],
	contentType: ["text/plain", "", "ü", 1],
	credentials: [KEYS, {}, { ...KEYS, secretAccessKey: "" }, { ...KEYS, sessionToken: 1 }, [], "id:secret", 1],
	dryRun: [false, "no", 0],
	endpoint: ["https://s3.example.com", "", 1, {}],
	excludeCaches: [true, "true", 1],
	excludeIfPresent: [[{ name: ".nobackup" }], ".nobackup", [".nobackup"], [{ name: "a/b" }], [{ name: "" }]],
	excludeLargerThan: [0, -1, 1.5, "1G"],
	exclude: [["*.log"], "*.log", [1], [null]],
	expectedSize: [1, 0, -1, 1.5, "1G", Number.NaN],
	hash: ["none", "sha1", "", 1],
	ignoreCtime: [true, "true", 1],
	include: [[], "*.log", [1]],
	joinRuns: [true, "true", 1],
	key: ["a/b.zip", "", "a/", "a/../b", "a\0b", "\ud800", "ü".repeat(513), 1],
	level: [9, 0, 10, 1.5, "6", Number.NaN],
	linkTarget: ["elsewhere", "", 1, "x".repeat(65_536)],
	maxMtime: [new Date(0), new Date(Number.NaN), "yesterday", 0],
	maxSize: [0, -1, 1.5, "10G", Number.NaN],
	metadata: [{ owner: "" }, "owner=me", [], { owner: 1 }, { owner: "ü" }],
	method: ["store", "zip", "", 1],
	mode: [0o755, -1, 0o200_000, 1.5, "755"],
	mtime: [
		new Date(0),
		new Date(Number.NaN),
		0,
		SECONDS,
		-5,
		Number.NaN,
		2 ** 53,
		"",
		"1979-12-31",
		"2026-02-31",
	],
	name: ["", 1],
	noClobber: [true, "true", 1],
	olderThanMs: [0, -1, "1d", Number.NaN],
	omit: [["a"], "a", [""], [1]],
	oneFileSystem: [true, "true", 1],
	onEvent: [() => {}, {}, "log"],
	onTrial: [() => {}, {}, "log"],
	overwrite: [true, "true", 1],
	partSize: [1, 0, 1.5, "16M", Number.NaN],
	path: ["./photos", "", "a\0b", 1],
	paths: [["a"], "a", 1, {}, Buffer.from("a")],
	pathStyle: [true, "true", 1],
	patterns: [["*.txt"], "*.txt", [1], [""]],
	portableNames: [true, "true", 1],
	preserveModes: [true, "true", 1],
	prefix: ["", "a\0b", "\ud800", "ü".repeat(513), 1],
	profile: ["backup", "", 1],
	provider: ["r2", "R2", "", 1],
	readTimeoutMs: [3_600_000, 0, 3_600_001, "60s"],
	region: ["eu-central-1", "", 1],
	replace: [true, "true", 1],
	resume: [true, "true", 1],
	retryTimeMs: [0, -1, 7 * 86_400_000 + 1, "10m", Number.NaN],
	signal: [new AbortController().signal, new AbortController(), {}, 1],
	size: [0, -1, 1.5, "1"],
	skipErrors: [true, "true", 1],
	sse: ["AES256", "", "ü", 1],
	sseKmsKeyId: ["id", "", "ü", 1],
	storageClass: ["STANDARD_IA", "", "ü", 1],
	strict: [true, "true", 1],
	stripComponents: [1, -1, 1001, 1.5, "1", Number.NaN],
	symlinks: ["skip", "copy", "", 1],
	tags: [{ team: "a" }, "team=a", [], { team: 1 }],
	transport: ["parts", "http", "", 1],
	unsafeLinks: [true, "true", 1],
	uploadId: ["id", "", 1],
	beforeComplete: [() => {}, "check", {}],
	verify: ["content", "headers", "", 1],
	verifySample: [0.5, 0, 1.1, -0.1, "1%", Number.NaN],
	versionId: ["id", "", 1],
};

const SCHEMAS: readonly (readonly [string, AnySchema, Readonly<Record<string, unknown>>])[] = [
	["ZipStream", ZIP_SCHEMA, {}],
	["createZip", CREATE_ZIP_SCHEMA, {}],
	["uploadZip and planUpload", UPLOAD_SCHEMA, { bucket: "my-bucket", key: "a.zip" }],
	["listUploads", LIST_UPLOADS_SCHEMA, { bucket: "my-bucket" }],
	["openArchive", OPEN_ARCHIVE_SCHEMA, {}],
	["abortUploads", ABORT_UPLOADS_SCHEMA, { bucket: "my-bucket" }],
	["extractArchive", EXTRACT_SCHEMA, {}],
	["appendToZip", APPEND_SCHEMA, {}],
	["mergeZips", MERGE_SCHEMA, {}],
	["removeFromZip", REMOVE_SCHEMA, {}],
	["examine", EXAMINE_SCHEMA, { bucket: "my-bucket", prefix: "" }],
	["a generated entry", ENTRY_SCHEMA, { name: "a" }],
	["a path", PATH_SCHEMA, { path: "a" }],
	["a list of paths", PATH_LIST_SCHEMA, { paths: ["a"] }],
	["what is behind an address", URL_SCHEMA, { url: "s3://bucket/a/" }],
	["entries of an archive", ARCHIVED_SCHEMA, { archive: "a.zip" }],
	["describeDownload", DESCRIBE_DOWNLOAD_SCHEMA, {}],
];

describe.each(SCHEMAS)("the options of %s", (_, schema, needed) => {
	const names = Object.keys(schema.fields);

	it.each(names)("%s: takes what is right", (name) => {
		expect(Object.keys(VALUES)).toContain(name);
		const [right] = VALUES[name] ?? [];
		for (const value of [right, ...(ALSO_TAKEN[name] ?? [])])
			expect(resolve(schema, { ...needed, [name]: value })).toHaveProperty(name, value);
	});

	it.each(names)("%s: refuses what is not, and says what it is, and what it must be", (name) => {
		const [, ...wrong] = VALUES[name] ?? [];
		for (const value of [...wrong, null, Symbol("s")]) {
			const error = refusalOf(schema, { ...needed, [name]: value });
			expect(error, String(value)).toBeInstanceOf(InvalidOptionError);
			expect(error.option, String(value)).toMatch(new RegExp(`^${name}([.[]|$)`));
			expect(error.value, String(value)).toBeTypeOf("string");
			expect(error.allowed?.length, String(value)).toBeGreaterThan(3);
			expect(error.message).toMatch(/ must be .*, not |is empty; is a variable unset\?$/s);
			expect(error.message).not.toMatch(/--|Invalid|Expected/);
		}
	});

	it.each(names.filter((name) => name.length > 3))("%s: is named where it is misspelt", (name) => {
		const misspelt = `${name.slice(0, -1)}_`;
		const { [name]: right, ...rest } = { ...needed, [name]: VALUES[name]?.[0] };
		const error = refusalOf(schema, { ...rest, [misspelt]: right });
		expect(error.option).toBe(misspelt);
		expect(error.message).toBe(`there is no option ${misspelt}; did you mean ${name}?`);
	});

	it("are needed where they have no default", () => {
		for (const name of Object.keys(needed)) {
			const { [name]: _left, ...rest } = needed;
			for (const given of [rest, { ...rest, [name]: undefined }])
				expect(refusalOf(schema, given).option).toBe(name);
		}
	});

	it.each([[null], [undefined], ["text"], [5], [[]]])("have to be an object, not %j", (given) => {
		expect(refusalOf(schema, given)).toMatchObject({ option: "options", allowed: "an object" });
	});
});
