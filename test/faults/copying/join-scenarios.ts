import { joinedKey } from "../../../src/sources/objects/helper-keys.ts";
import { BASE_KEY, NEW_KEY } from "./copying-world.ts";
import { before, type CopyingScenario, fits, loseAnswers } from "./scenarios.ts";

/** The first temporary object, which the second one is made of, and the archive of that. */
const FIRST = joinedKey(NEW_KEY, 0, 0);
const LAST = joinedKey(NEW_KEY, 0, 1);

/** Refuses such requests. */
function refuse(operation: string, key: string): CopyingScenario["hook"] {
	return () => (request) =>
		fits(request, { operation, key }) ? { status: 403, code: "AccessDenied", message: "no" } : undefined;
}

const PUBLISHED = { exitCode: 0, end: "published, nothing left", base: "base" } as const;
const REFUSED = { exitCode: 5, end: "fails, nothing left", says: /AccessDenied/, base: "base" } as const;
const CHANGED: CopyingScenario["expected"] = {
	...{ exitCode: 4, end: "fails, nothing left", says: /has changed since it was looked at/, base: "other" },
};

const SCENARIOS: readonly Omit<CopyingScenario, "inPlace" | "joins">[] = [
	{ fault: "nothing goes wrong", isQuick: true, hook: () => () => undefined, expected: PUBLISHED },
	{
		fault: "nothing goes wrong, in a bucket that keeps versions",
		bucket: "versioned",
		hook: () => () => undefined,
		expected: PUBLISHED,
	},
	{
		fault: "a temporary object must not be created",
		hook: refuse("CreateMultipartUpload", FIRST),
		expected: REFUSED,
	},
	{
		fault: "copying into the second temporary object is refused",
		isQuick: true,
		hook: refuse("UploadPartCopy", LAST),
		expected: REFUSED,
	},
	{
		fault: "completing the second temporary object is refused",
		hook: refuse("CompleteMultipartUpload", LAST),
		expected: REFUSED,
	},
	{
		fault: "the answer to the Complete of a temporary object is lost",
		hook: loseAnswers("CompleteMultipartUpload", FIRST),
		expected: PUBLISHED,
	},
	{
		fault: "the Complete of the archive is refused when all runs are joined",
		hook: refuse("CompleteMultipartUpload", NEW_KEY),
		expected: REFUSED,
	},
	{
		fault: "temporary objects must not be deleted",
		isQuick: true,
		hook: () => (request) =>
			request.operation === "DeleteObject" ? { status: 403, code: "AccessDenied", message: "no" } : undefined,
		expected: {
			...{ exitCode: 0, end: "published, and a warning tells of them", base: "base", temporary: 2 },
			says: /^2 temporary objects under s3:\/\/nights\/night-2\.zip\.zipferry-joined\/ could not be removed/,
		},
	},
	{
		fault: "a temporary object is locked as soon as it is there",
		bucket: "locked",
		hook: before({ operation: "DeleteObject", key: FIRST }, (world) => world.lock(FIRST)),
		expected: {
			...{ exitCode: 0, end: "published, and a warning tells of it", base: "base", temporary: 1 },
			says: /^1 temporary object under .* version \S+ is locked$/,
		},
	},
	{
		fault: "the base is replaced before the first runs are joined",
		hook: before({ operation: "CreateMultipartUpload" }, (world) => world.overwrite(BASE_KEY)),
		expected: CHANGED,
	},
	{
		fault: "the base is replaced while runs are joined",
		isQuick: true,
		hook: before({ operation: "CreateMultipartUpload", key: LAST }, (world) => world.overwrite(BASE_KEY)),
		expected: CHANGED,
	},
	{
		fault:
			"the base is replaced while runs are joined, and the storage takes no notice of conditions of copies",
		habits: { copyConditions: "ignored" },
		hook: before({ operation: "CreateMultipartUpload", key: LAST }, (world) => world.replaceBase()),
		expected: { ...CHANGED, base: "archive" },
	},
	{
		fault: "somebody replaces a temporary object",
		hook: before({ operation: "UploadPartCopy", key: NEW_KEY }, (world) => world.overwrite(LAST)),
		expected: { ...CHANGED, base: "base" },
	},
	{
		fault: "somebody deletes a temporary object",
		hook: before({ operation: "UploadPartCopy", key: NEW_KEY }, (world) => world.remove(LAST)),
		expected: { ...CHANGED, says: /no longer exists/, base: "base" },
	},
];

export const JOIN_SCENARIOS: readonly CopyingScenario[] = SCENARIOS.map((scenario) => ({
	...scenario,
	...{ inPlace: false, joins: true },
}));
