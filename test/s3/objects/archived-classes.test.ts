import { describe, expect, it } from "vitest";
import { readRestoring, whyArchived } from "../../../src/s3/objects/archived-classes.ts";

describe("whether an object is archived", () => {
	const STANDARD = { storageClass: undefined, archiveTier: undefined, restoring: undefined };
	const UNDER_WAY = 'ongoing-request="true"';
	const DONE = 'ongoing-request="false", expiry-date="Fri, 21 Dec 2029 00:00:00 GMT"';

	it.each([
		[{}, undefined],
		[{ storageClass: "GLACIER_IR" }, undefined],
		[{ storageClass: "INTELLIGENT_TIERING" }, undefined],
		[{ storageClass: "GLACIER" }, "is archived (storage class GLACIER)"],
		[{ storageClass: "DEEP_ARCHIVE" }, "is archived (storage class DEEP_ARCHIVE)"],
		[
			{ storageClass: "INTELLIGENT_TIERING", archiveTier: "DEEP_ARCHIVE_ACCESS" },
			"is archived (storage class INTELLIGENT_TIERING, tier DEEP_ARCHIVE_ACCESS)",
		],
		[
			{ storageClass: "GLACIER", restoring: readRestoring(UNDER_WAY) },
			"is archived (storage class GLACIER), and is still being restored",
		],
		[{ storageClass: "GLACIER", restoring: readRestoring(DONE) }, undefined],
		[{ storageClass: "GLACIER", restoring: readRestoring("else") }, "is archived (storage class GLACIER)"],
	])("is told by what a look at it says: %j", (kept, reason) => {
		expect(whyArchived({ ...STANDARD, ...kept })).toBe(reason);
	});
});
